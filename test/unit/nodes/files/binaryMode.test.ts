import { checkReadable, hintAtMemory, modeOf } from '../../../../nodes/files/binaryMode';
import { failureOf } from '../../failureOf';

it.each([
	['filesystem:0-1', 'filesystem'],
	['filesystem-v2:workflows/1/executions/2/binary_data/3', 'filesystem'],
	['s3:workflows/1', 's3'],
	['', ''],
	[undefined, ''],
])('a file with the ID %p is kept in the mode %p', (id, mode) => {
	expect(modeOf(id)).toBe(mode);
});

it.each([
	['filesystem', 'read', false],
	['filesystem', 'write', false],
	['s3', 'read', false],
	['azure', 'read', false],
	['s3', 'write', true],
	['database', 'read', true],
	['database', 'write', true],
	['', 'read', true],
] as const)('the mode %p holds whole files in memory to %s them: %p', (mode, direction, holds) => {
	const hint = jest.fn();
	const file = { id: mode === '' ? '' : `${mode}:1`, data: '', mimeType: 'text/plain' };
	hintAtMemory({ hint }, file, 2 ** 24, direction);
	expect(hint).toHaveBeenCalledTimes(holds ? 1 : 0);
});

const MiB = 2 ** 20;
const fileOf = (id: string) => ({ id, fileName: 'a.iso', data: '', mimeType: 'text/plain' });

it('a file that n8n cannot read from its database is refused', () => {
	const failure = failureOf(() => checkReadable(fileOf('database:1'), 250 * MiB + 1));
	expect([failure.kind, failure.message]).toEqual([
		'invalid',
		'n8n keeps the file “a.iso” in its database, from which it cannot read more than 250 MiB: it has 251 MiB',
	]);
});

it('a file that n8n cannot read from its database is refused with what to do in queue mode, which has no filesystem mode', () => {
	const { description } = failureOf(() => checkReadable(fileOf('database:1'), 250 * MiB + 1));
	expect(description).toContain('In queue mode, for which n8n has no such mode,');
});

it('a hint at memory says that files are streamed only outside queue mode', () => {
	const hint = jest.fn();
	hintAtMemory({ hint }, fileOf('database:1'), 2 ** 24, 'read');
	expect(hint.mock.calls.flat()).toEqual([
		expect.stringContaining('Outside queue mode set N8N_DEFAULT_BINARY_DATA_MODE to filesystem'),
	]);
});

it.each([
	['database:1', 250 * MiB],
	['filesystem-v2:1', 900 * MiB],
	['s3:1', 900 * MiB],
])('a file with the ID %s and %i bytes can be read', (id, size) => {
	expect(() => checkReadable(fileOf(id), size)).not.toThrow();
});
