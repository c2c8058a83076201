import { checkWholeCharacters } from '../../../../s3/policy/wholeCharacters';
import { failureOf } from '../../failureOf';

const about = { bucket: 'data', key: 'k' };

it.each([
	['Prefix', 'prefix'],
	['StartAfter', 'start after'],
	['VersionId', 'version id'],
])('half of a character in the field %s of a call is refused as the %s', (field, name) => {
	const failure = failureOf(() => {
		checkWholeCharacters({ Bucket: 'data', [field]: 'a\ud83d' }, about);
	});
	expect(failure).toMatchObject({ kind: 'invalid', ...about });
	expect(failure.message).toContain(`The ${name} “a\ufffd” for bucket “data”`);
	expect(failure.advice).toContain(name);
});

it('whole characters are allowed in a call, and so is content with half of one', () => {
	const input = { Prefix: '😀', MaxKeys: 1, Delimiter: undefined, Body: '\ud83d' };
	expect(() => {
		checkWholeCharacters(input, about);
	}).not.toThrow();
});
