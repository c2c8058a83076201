import type { IDataObject } from 'n8n-workflow';
import { EventsAndPolls } from '../../nodes/AmazonS3Trigger/EventsAndPolls';
import { MessageWork } from '../../nodes/AmazonS3Trigger/MessageWork';
import { beginReceiving } from '../../nodes/AmazonS3Trigger/receivers';
import { triggerOf } from '../../nodes/AmazonS3Trigger/triggerOf';
import type { Connection } from '../../s3/Connection';
import type { HeldMessage } from '../../s3/queue/HeldMessage';
import { pollingWorkflow } from '../engine/n8n';
import type { Credential } from '../engine/n8n';

/** Seconds that an object must be old for before a poll emits it. */
export const GRACE = 60;

const SETTINGS = {
	queue: 'http://127.0.0.1:1/1/uploads',
	acknowledge: 'whenSucceeded',
	together: false,
	isMeant: () => true,
	maxMessages: 10,
	maxReceives: 1000,
	hiddenSeconds: 60,
	maxRun: 1000,
} as const;

/** Numbers that tell the processes of n8n apart: what one knows, another one has only from what is stored. */
let processes = 0;

/** A process of n8n with a trigger for a bucket and its queue. Its queue is the test. */
export class BothTrigger {
	private readonly workflow;
	private readonly shared: EventsAndPolls;
	private readonly data: IDataObject;
	private readonly work: MessageWork;
	private fails = false;
	/** What n8n has in its database. */
	saved: IDataObject;

	/** @param onStart is told the items of each execution that succeeds, as n8n has saved its data with it */
	constructor(
		credential: Credential,
		bucket: string,
		stored: IDataObject,
		private readonly onStart: (items: readonly IDataObject[]) => void,
	) {
		this.saved = stored;
		const id = `process-${++processes}`;
		const parameters = {
			watch: 'both',
			prefix: 'in/',
			bucket: { __rl: true, mode: 'name', value: bucket },
			queueUrl: SETTINGS.queue,
			options: { graceMinutes: GRACE / 60, maxObjects: 20 },
		};
		this.workflow = pollingWorkflow({ parameters, credential }, copyOf(stored), id);
		const { workflow } = this.workflow;
		const [node] = Object.values(workflow.nodes);
		if (node === undefined) throw new Error('there is no node');
		const trigger = { getNode: () => node, getWorkflow: () => workflow } as never;
		beginReceiving(triggerOf(trigger), async () => await Promise.resolve());
		this.shared = EventsAndPolls.of(trigger);
		this.data = workflow.getStaticData('node', node);
		this.shared.load(this.data);
		const executions = {
			run: async () => await Promise.resolve(this.run()),
			report: (failure: unknown) => {
				throw failure;
			},
			note: () => undefined,
		};
		const connection = { bucketOnly: false } as Connection;
		this.work = new MessageWork(SETTINGS, 'url', connection, executions, this.shared.writes);
	}

	private items: readonly IDataObject[] = [];

	/** Works on a message. @param items that it stands for @returns whether it was deleted */
	async receive(body: object, items: readonly IDataObject[], fails: boolean): Promise<boolean> {
		let isDeleted = false;
		this.items = items;
		this.fails = fails;
		const message = {
			id: 'id',
			body: JSON.stringify(body),
			receiptHandle: 'handle',
			receiveCount: 1,
			delete: async () => await Promise.resolve(void (isDeleted = true)),
			giveBack: async () => await Promise.resolve(),
			letGo: () => undefined,
		};
		await this.work.workOn([message as unknown as HeldMessage]);
		return isDeleted;
	}

	/** @param activation how n8n has activated the workflow, at its first poll */
	async poll(activation?: 'activate' | 'init'): Promise<void> {
		const items = await this.workflow.poll(activation === undefined ? {} : { activation });
		if (items !== null) this.onStart(items);
		// n8n saves when it has activated a workflow, too.
		if (items !== null || activation !== undefined) this.save();
	}

	private run(): 'succeeded' | 'failed' {
		this.shared.storeWithEvent(this.data);
		this.save();
		if (this.fails) return 'failed';
		this.onStart(this.items);
		return 'succeeded';
	}

	private save(): void {
		this.saved = copyOf(this.workflow.workflow.staticData);
	}
}

const copyOf = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;
