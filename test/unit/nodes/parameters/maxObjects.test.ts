import { maxObjects } from '../../../../nodes/parameters/maxObjects';
import { sourceOf } from './sourceOf';

it('the most objects are 1,000 unless set, and a whole number', () => {
	expect(maxObjects.read(sourceOf({}))).toBe(1000);
	expect(maxObjects.read(sourceOf({ 'options.maxObjects': '5' }))).toBe(5);
	expect(() => maxObjects.read(sourceOf({ 'options.maxObjects': 0 }))).toThrow(/from 1 to/);
});
