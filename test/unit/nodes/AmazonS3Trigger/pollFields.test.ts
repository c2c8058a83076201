import { watchedPrefix } from '../../../../nodes/AmazonS3Trigger/pollFields';
import { failureOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

it('the prefix of a trigger is the whole bucket only if nothing is entered', () => {
	expect(watchedPrefix(sourceOf({ prefix: ' a/' }))).toBe(' a/');
	expect(watchedPrefix(sourceOf({ prefix: '' }))).toBeUndefined();
	const lost = sourceOf({ prefix: '' }, 'UTC', { prefix: '={{ $vars.prefix }}' });
	expect(failureOf(() => watchedPrefix(lost)).message).toContain(
		'The expression of Prefix gave nothing',
	);
});
