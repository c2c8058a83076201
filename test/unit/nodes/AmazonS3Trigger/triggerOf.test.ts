import {
	isRestart,
	isSavedByEmitting,
	triggerOf,
} from '../../../../nodes/AmazonS3Trigger/triggerOf';

const trigger = (workflow: string, id: string, name = 'name') =>
	triggerOf({ getNode: () => ({ id, name }), getWorkflow: () => ({ id: workflow }) } as never);

it('triggers are told apart by their workflow and node, also nodes without an ID or with the same', () => {
	const all = [trigger('w', 'n'), trigger('w', 'm'), trigger('v', 'n'), trigger('w', '', 'other')];
	all.push(trigger('w', 'n', 'a copy'));
	expect(new Set(all).size).toBe(5);
	expect(trigger('w', 'n')).toBe(trigger('w', 'n'));
});

it('data of the workflow know whether they have changed, a cursor does not', () => {
	expect(isSavedByEmitting(Object.defineProperty({}, '__dataChanged', { value: false }))).toBe(
		true,
	);
	expect(isSavedByEmitting({})).toBe(false);
});

it.each([
	['init', true],
	['leadershipChange', true],
	['activate', false],
	['create', false],
	['update', false],
	['manual', false],
] as const)('n8n activates a workflow as %s, and it was active before: %s', (mode, expected) => {
	expect(isRestart({ getActivationMode: () => mode })).toBe(expected);
});
