import type { IDataObject, IPollFunctions } from 'n8n-workflow';

/** Triggers of this process of which something is remembered. */
export const MAX_TRIGGERS = 1000;

/** What a trigger is told apart by, whether it polls or not. */
export type TriggerNode = Pick<IPollFunctions, 'getNode' | 'getWorkflow'>;

/** What tells the triggers of all workflows apart. Nodes that were copied as text may have the ID of another one. */
export function triggerOf(node: TriggerNode): string {
	const { id, name } = node.getNode();
	return JSON.stringify([node.getWorkflow().id, id, name]);
}

/**
 * Whether the data of the node are part of the workflow, which n8n saves beside making an execution, and not
 * together with it: these data know whether they have changed.
 */
export const isSavedByEmitting = (data: IDataObject): boolean => '__dataChanged' in data;

const RESTARTS = ['init', 'leadershipChange'];

/** Whether n8n activates a workflow that was active before. */
export const isRestart = (node: Pick<IPollFunctions, 'getActivationMode'>): boolean =>
	RESTARTS.includes(node.getActivationMode());
