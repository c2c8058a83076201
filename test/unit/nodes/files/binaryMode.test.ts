import { hintAtMemory, modeOf } from '../../../../nodes/files/binaryMode';

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
