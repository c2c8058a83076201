import { watching } from '../../../../nodes/AmazonS3Trigger/watching';
import { sourceOf } from '../parameters/sourceOf';

it('a poll emits 1,000 objects at most unless set, and 5,000 at most if set', () => {
	expect(watching.read(sourceOf({})).maxObjects).toBe(1000);
	expect(watching.read(sourceOf({ 'options.maxObjects': 7 })).maxObjects).toBe(7);
	expect(() => watching.read(sourceOf({ 'options.maxObjects': 5001 }))).toThrow(/from 1 to 5,000/);
});

it.each(['options.keyMatches', 'options.minAge'])(
	'what %s keeps from being emitted is not emitted when its expression gives nothing',
	(name) => {
		const source = sourceOf({}, 'UTC', { [name]: '={{ $json.x }}' });
		expect(() => watching.read(source)).toThrow(/gave nothing/);
	},
);
