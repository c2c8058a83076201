import { isSavedByEmitting, triggerOf } from '../../../../nodes/AmazonS3Trigger/triggerOf';

const trigger = (workflow: string, id: string, name = 'name') =>
	triggerOf({ getNode: () => ({ id, name }), getWorkflow: () => ({ id: workflow }) } as never);

it('triggers are told apart by their workflow and node, also a node without an ID', () => {
	const all = [trigger('w', 'n'), trigger('w', 'm'), trigger('v', 'n'), trigger('w', '', 'other')];
	expect(new Set(all).size).toBe(4);
	expect(trigger('w', 'n', 'renamed')).toBe(trigger('w', 'n'));
});

it('data of the workflow know whether they have changed, a cursor does not', () => {
	expect(isSavedByEmitting(Object.defineProperty({}, '__dataChanged', { value: false }))).toBe(
		true,
	);
	expect(isSavedByEmitting({})).toBe(false);
});
