import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { CredentialSlot } from '../connection/authentication';
import { openConnection } from '../connection/open';
import type { OpenS3 } from '../../s3/client/S3';
import { enteredIn, ofItem, type ParameterSource } from '../parameters/ParameterSource';
import { retrying } from '../parameters/retrying';
import { clockHint, firstRunHints } from './hints';
import type { Item } from './operation';

/** The input items of a run, with what they have in common. */
export class RunItems {
	readonly count: number;
	/** What was entered in the node. */
	readonly entered: ParameterSource['entered'];
	private readonly sharedConnections = new Map<string, OpenS3>();
	private readonly connections = new Set<OpenS3>();
	private readonly hints = new Set<string>();

	/** @param fields those of the operation */
	constructor(
		private readonly node: IExecuteFunctions,
		private readonly fields: INodeProperties[] = [],
	) {
		this.count = node.getInputData().length;
		this.entered = enteredIn(node);
	}

	parametersOf(index: number): ParameterSource {
		return ofItem(this.node, index, this.entered, this.fields);
	}

	/**
	 * An item with its connection opened.
	 *
	 * @param signal stops the work on the item
	 * @throws {S3Failure} or what n8n throws when it reads the credential
	 */
	async open(index: number, signal: AbortSignal): Promise<Item> {
		const { node } = this;
		const parameters = this.parametersOf(index);
		const connection = async (slot: CredentialSlot) =>
			await this.openConnection(parameters, index, slot);
		const { retryFor } = retrying.read(parameters);
		const s3 = await connection('source');
		const hint = (message: string) => this.hint(message);
		const turnFor = () => Promise.resolve();
		return { ...parameters, node, index, s3, connection, signal, retryFor, hint, turnFor };
	}

	/** Shows a sentence above the node's output, only once if it comes several times. */
	hint(message: string): void {
		this.hints.add(message);
	}

	/** What is to be shown above the output of the node. @param made what it has made of the items */
	allHints(made: readonly INodeExecutionData[]): string[] {
		const { node, connections, hints } = this;
		return [...clockHint(connections), ...firstRunHints(node, connections, made), ...hints];
	}

	private async openConnection(
		parameters: ParameterSource,
		index: number,
		slot: CredentialSlot,
	): Promise<OpenS3> {
		const fields = async (type: string) => await this.node.getCredentials(type, index);
		const shared = this.sharedConnections;
		const s3 = await openConnection({ parameters, fields, shared }, slot);
		this.connections.add(s3);
		return s3;
	}
}
