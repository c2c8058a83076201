import { caller } from '../../../../nodes/parameters/caller';
import { contentHeaders } from '../../../../nodes/parameters/headers';
import { encryption } from '../../../../nodes/parameters/encryption';
import { overwriteCondition } from '../../../../nodes/parameters/conditions';
import { optionsField } from '../../../../nodes/parameters/OptionGroup';

it('optionsField puts the fields of all groups into one collection, in alphabetical order', () => {
	const groups = [caller, overwriteCondition, encryption, contentHeaders];
	const { name, type, options } = optionsField(...groups.flatMap(({ fields }) => fields));
	expect([name, type]).toEqual(['options', 'collection']);
	expect(options?.map((option) => 'displayName' in option && option.displayName)).toEqual([
		'Cache Control',
		'Content Disposition',
		'Content Encoding',
		'Content Language',
		'Content Type',
		'Encryption',
		'Encryption Bucket Key',
		'Encryption Customer Key',
		'Encryption KMS Context',
		'Encryption KMS Key ID',
		'ETag',
		'Expected Bucket Owner',
		'Expires',
		'Overwrite',
		'Requester Pays',
	]);
});
