import { isChecked, noteChecked } from '../../../../s3/objects/guards';
import { AWS, scriptedS3 } from './scriptedS3';

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
