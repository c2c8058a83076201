import type { IPollFunctions } from 'n8n-workflow';

import { logWarning } from '../../../../nodes/AmazonS3Trigger/logWarning';

it('a warning is one line of the log, whatever the key is that it names, and no longer than it has to be', () => {
	const warn = jest.fn();
	const node = { getNode: () => ({ name: 'Incoming' }), logger: { warn } };
	const forged = 'The oldest is “a\n2026-12-01 | error | \u001b[31mforged”.';
	logWarning(node as unknown as IPollFunctions, forged, 'x'.repeat(5000));
	expect(warn.mock.calls).toEqual([
		[`Incoming: The oldest is “a 2026-12-01 | error | [31mforged”. ${'x'.repeat(999)}…`],
	]);
});
