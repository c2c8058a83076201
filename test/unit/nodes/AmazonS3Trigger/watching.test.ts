import { watching } from '../../../../nodes/AmazonS3Trigger/watching';
import { sourceOf } from '../parameters/sourceOf';

it('a poll emits 1,000 objects at most unless set, and 5,000 at most if set', () => {
	expect(watching.read(sourceOf({})).maxObjects).toBe(1000);
	expect(watching.read(sourceOf({ 'options.maxObjects': 7 })).maxObjects).toBe(7);
	expect(() => watching.read(sourceOf({ 'options.maxObjects': 5001 }))).toThrow(/from 1 to 5,000/);
});

it('the pattern of a trigger is not lost when its expression gives nothing', () => {
	const entered = () => '={{ $json.x }}';
	expect(() => watching.read({ ...sourceOf({}), entered })).toThrow(/gave nothing/);
});
