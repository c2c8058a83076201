import { copySource, targetKeys } from '../../../../nodes/parameters/copySource';
import { optionsField } from '../../../../nodes/parameters/OptionGroup';
import { failureOf } from '../../failureOf';
import { sourceOf } from './sourceOf';

it('the source of a copy is read from its own options', () => {
	const source = sourceOf({
		'options.sourceVersionId': ' v1 ',
		'options.ifSourceMatch': '"e"',
		'options.sourceEncryptionCustomerKey': 'key',
		'options.expectedSourceBucketOwner': '1',
	});
	expect(copySource.read(source)).toEqual({
		versionId: 'v1',
		ifMatch: '"e"',
		customerKey: 'key',
		expectedBucketOwner: '1',
	});
});

it('an expression for the version of the source that gives nothing does not mean the newest', () => {
	const fields = [optionsField(...copySource.fields)];
	const source = { ...sourceOf({}), entered: () => '={{ $json.version }}', fields };
	expect(failureOf(() => copySource.read(source)).message).toContain(
		'Source Version ID gave nothing',
	);
});

it.each([
	[{}, false],
	[{ 'options.copyOnServer': true }, true],
])('the keys of the target are to read the source with %j: %s', (values, withTargetKeys) => {
	expect(targetKeys.read(sourceOf(values))).toEqual({ withTargetKeys });
});
