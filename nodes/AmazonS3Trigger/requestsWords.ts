import type { INodePropertyOptions } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import type { PollRequests } from '../../s3/watch/pollRequests';
import { rowOf } from '../AmazonS3/keySearch';

/** What an entry of a list says. */
export type Words = Pick<INodePropertyOptions, 'name' | 'description'>;

export interface Estimate extends PollRequests {
	prefix: string | undefined;
	/** Polls on a day; undefined if that cannot be told. */
	polls: number | undefined;
	/** Whether the prices of AWS apply. */
	isAws: boolean;
}

/** Dollars. @see https://aws.amazon.com/s3/pricing/ */
const PRICE_OF_REQUEST = 0.005 / 1000;
const DAYS_OF_MONTH = 365 / 12;
/** Characters of a prefix that are shown. */
const PREFIX = 24;

/**
 * What the polls take. The prefix is named, as the editor does not count again if the next letter is typed while it
 * counts.
 */
export function wordsOf(estimate: Estimate): Words {
	const { requests, polls, prefix, isMore } = estimate;
	const where = prefix === undefined ? '' : ` for “${rowOf(prefix, PREFIX)}”`;
	if (polls === 0) return { name: 'None, as there are no Poll Times' };
	if (polls === undefined) {
		const name = `${isMore ? 'At least ' : ''}${counted(requests, 'request')} for each poll${where}`;
		return { name, description: `${reasonOf(estimate)}. How often polls come cannot be told.` };
	}
	const all = rateOf(requests * polls, 'request');
	const each = `${counted(requests, 'request')} for each of ${rateOf(polls, 'poll')}`;
	return {
		name: `${isMore ? 'At least' : 'About'} ${all}${where}${priceOf(estimate, requests * polls)}`,
		description: `${each}. ${reasonOf(estimate)}.`,
	};
}

/** Why it is not known what the polls take. */
export function notKnown(error: unknown): Words {
	if (!(error instanceof S3Failure)) return { name: `Not known. ${String(error)}` };
	const { kind, bucket = '', message, description } = error;
	if (kind !== 'cancelled') return { name: `Not known. ${message}`, description };
	const name = `Not known. Bucket “${bucket}” could not be listed within 20 seconds`;
	return { name, description: 'Find out why the server is slow.' };
}

function reasonOf({ objects, isMore }: Estimate): string {
	if (objects === undefined) return 'A poll reads only what comes after the last key';
	const are = objects === 1 ? 'is' : 'are';
	return `There ${are} ${isMore ? 'more than ' : ''}${counted(objects, 'object')}`;
}

function priceOf({ isAws }: Estimate, requestsPerDay: number): string {
	if (!isAws) return '';
	const dollars = requestsPerDay * DAYS_OF_MONTH * PRICE_OF_REQUEST;
	if (dollars < 0.01) return ', under $0.01 a month';
	const digits = dollars < 100 ? 2 : 0;
	const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	return `, $${dollars.toLocaleString('en-US', format)} a month`;
}

/** What happens so often on a day, or else in a month. */
function rateOf(perDay: number, what: string): string {
	if (perDay >= 1) return `${counted(Math.round(perDay), what)} a day`;
	return `${counted(Math.max(1, Math.round(perDay * DAYS_OF_MONTH)), what)} a month`;
}

function counted(number: number, what: string): string {
	return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}
