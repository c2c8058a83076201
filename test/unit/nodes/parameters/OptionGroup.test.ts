import { caller } from '../../../../nodes/parameters/caller';
import { concurrency } from '../../../../nodes/parameters/concurrency';
import { optionsField } from '../../../../nodes/parameters/OptionGroup';
import { versionId } from '../../../../nodes/parameters/versionId';

it('optionsField puts the fields of all groups into one collection, in the order in which they are given', () => {
	const groups = [versionId, concurrency, caller];
	const { name, type, options } = optionsField(...groups.flatMap(({ fields }) => fields));
	expect([name, type]).toEqual(['options', 'collection']);
	expect(options?.map((option) => 'displayName' in option && option.displayName)).toEqual([
		'Version ID',
		'Concurrency',
		'Expected Bucket Owner',
		'Requester Pays',
	]);
});
