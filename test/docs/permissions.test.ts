/** docs/permissions.md says what operations and the table of calls declare. */
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { readDoc, rowsUnder } from './page';
import { INPUTS, withPermissions } from './permissionsTable';

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

it.each([
	['Delete', 'DeleteObject', 'If ETag Matches: `s3:GetObject`'],
	['Get', 'GetObject', 'Version ID: `s3:GetObjectVersion` instead'],
	['Put', 'PutObject', 'Object Lock Mode: `s3:PutObjectRetention`'],
	['Put', 'CreateMultipartUpload', 'Object Lock Legal Hold: `s3:PutObjectLegalHold`'],
])('the table says for %s what an option of %s needs: %s', (operation, call, needed) => {
	const rows = rowsUnder(page, 'Operation');
	const start = rows.findIndex(([title]) => title === `**Object: ${operation}**`);
	const row = rows.slice(start).find(([, name]) => name === call);
	expect(row?.at(-1)?.split('; ')).toContain(needed);
});

it('a page without marks is refused', () => {
	expect(() => withPermissions('# Permissions')).toThrow('no marks');
});
