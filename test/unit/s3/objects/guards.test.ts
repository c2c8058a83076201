import { guardedWrite, isChecked, noteChecked } from '../../../../s3/objects/guards';
import { AWS, refusal, scriptedS3 } from './scriptedS3';

const connection = (settings = {}) => scriptedS3(() => ({}), settings).s3;

it('AWS checks every condition', () => {
	expect(isChecked(connection(AWS), 'ifMatch')).toBe(true);
	expect(isChecked(connection(AWS), 'completion')).toBe(true);
});

it('of another server each condition is known when it was noted, for this connection', () => {
	const s3 = connection();
	expect(isChecked(s3, 'ifMatch')).toBeUndefined();
	noteChecked(s3, 'ifMatch', true);
	noteChecked(s3, 'completion', false);
	expect([isChecked(s3, 'ifMatch'), isChecked(s3, 'completion')]).toEqual([true, false]);
	expect(isChecked(s3, 'ifNoneMatch')).toBeUndefined();
	expect(isChecked(connection(), 'ifMatch')).toBeUndefined();
});

it('a source that was replaced before it was copied does not show that the server checks the condition', async () => {
	const s3 = connection();
	const replaced = refusal({ kind: 'precondition' });
	const write = guardedWrite(s3, 'completion', 'a', () => Promise.reject(replaced));
	await expect(write).rejects.toBe(replaced);
	expect(isChecked(s3, 'completion')).toBeUndefined();
	const refused = refusal({ kind: 'precondition', operation: 'CompleteMultipartUpload' });
	await expect(guardedWrite(s3, 'completion', 'a', () => Promise.reject(refused))).rejects.toBe(
		refused,
	);
	expect(isChecked(s3, 'completion')).toBe(true);
});
