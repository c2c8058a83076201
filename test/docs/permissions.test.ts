/** docs/permissions.md says what operations and the table of calls declare. */
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { readDoc, rowsUnder } from './page';
import { CASES, NOTHING, OPTIONS_NOT_TRIED } from './permissionCases';
import { changingOptions, INPUTS, withPermissions } from './permissionsTable';

const page = readDoc('permissions.md');
const operations = Object.values<Registry>(resources).flatMap((registry) =>
	Object.values(registry),
);

it('docs/permissions.md is what “npm run docs” writes', () => {
	expect(page).toBe(withPermissions(page));
});

it('the table has a row for each call of each operation', () => {
	const calls = operations.flatMap((operation) => Object.keys(operation.calls));
	expect(rowsUnder(page, 'Operation').map(([, call]) => call)).toEqual(calls);
});

it('each option that changes what a call needs is one of an operation', () => {
	const options = operations.flatMap(({ fields }) =>
		fields.flatMap(({ name, options: own = [] }) =>
			name === 'options' ? own.map((option) => option.name) : [],
		),
	);
	expect(Object.keys(INPUTS).filter((name) => !options.includes(name))).toEqual([]);
});

it('each option that changes what an operation needs is tried on radosgw, or it is said why not', () => {
	const tried = CASES.flatMap(({ of, parameters }) => {
		const { options = {} } = parameters(NOTHING);
		return Object.keys(options as object).map((name) => `${of} with ${name}`);
	});
	const excused = Object.keys(OPTIONS_NOT_TRIED);
	const changing = [...new Set(changingOptions())];
	expect(changing.filter((one) => !tried.includes(one))).toEqual(excused);
});

/** What a row of the table says, from the third cell on. */
function rowOf(title: string, call: string): string[] {
	const rows = rowsUnder(page, 'Operation');
	const start = rows.findIndex(([first]) => first === `**${title}**`);
	return rows.slice(start).find(([, name]) => name === call) ?? [];
}

it.each([
	['Object: Delete', 'DeleteObject', 'If ETag Matches: `s3:GetObject`'],
	['Object: Get', 'GetObject', 'Version ID: `s3:GetObjectVersion` instead'],
	['Object: Put', 'PutObject', 'Object Lock Mode: `s3:PutObjectRetention`'],
	['Object: Put', 'CreateMultipartUpload', 'Object Lock Legal Hold: `s3:PutObjectLegalHold`'],
	['Object: Put', 'PutObject', 'Overwrite Only ETag: `s3:GetObject`'],
	['Object: Put', 'CompleteMultipartUpload', 'Overwrite Only ETag: `s3:GetObject`'],
	['Object: Copy', 'HeadObject', 'Source Version ID: `s3:GetObjectVersion` on the source instead'],
	['Object: Copy', 'PutObjectTagging', ''],
	['Object: Move', 'PutObjectTagging', ''],
	['Object: Change Storage Class', 'CopyObject', 'Version ID: `s3:GetObjectVersion` instead'],
	[
		'Bucket: Create',
		'CreateBucket',
		'Object Lock: `s3:PutBucketObjectLockConfiguration`, `s3:PutBucketVersioning`',
	],
])('the table says for %s what an option of %s needs: %s', (title, call, needed) => {
	expect(rowOf(title, call).at(-1)?.split('; ')).toContain(needed);
});

it.each([
	['Object: Undelete', 'DeleteObjects', '`s3:DeleteObjectVersion`'],
	['Bucket: Delete', 'DeleteObjects', '`s3:DeleteObjectVersion`'],
	['Bucket: Delete', 'DeleteObject', '`s3:DeleteObjectVersion`'],
])('the table says that %s needs for %s what versions need: %s', (title, call, needed) => {
	expect(rowOf(title, call)[3]).toBe(needed);
});

it.each([
	['Object: Copy', 'HeadObject', ['SOURCE', 'BUCKET']],
	['Object: Copy', 'CopyObject', ['SOURCE', 'BUCKET']],
	['Object: Copy', 'GetObjectTagging', ['SOURCE']],
	['Object: Copy', 'PutObject', ['BUCKET']],
	['Object: Move', 'GetObject', ['SOURCE']],
	['Object: Move', 'DeleteObject', ['SOURCE']],
	['Object: Append', 'UploadPartCopy', ['BUCKET']],
	['Object: Delete', 'DeleteObject', ['BUCKET']],
])('the table says on which bucket %s needs what %s needs: %j', (title, call, buckets) => {
	const arns = buckets.map((bucket) => `\`arn:aws:s3:::${bucket}/*\``);
	expect(rowOf(title, call)[4]).toBe(arns.join(', '));
});

it('a page without marks is refused', () => {
	expect(() => withPermissions('# Permissions')).toThrow('no marks');
});
