import { S3Failure } from '../../s3/S3Failure';
import type { PollRequests } from '../../s3/watch/pollRequests';

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

/** What the polls take, in a sentence. */
export function wordsOf(estimate: Estimate): string {
	const { requests, polls, prefix, isMore } = estimate;
	const where = prefix === undefined ? '' : ` for “${prefix}”`;
	const each = counted(requests, 'request');
	if (polls === 0) return 'No requests, as there are no Poll Times.';
	if (polls === undefined) {
		return `${isMore ? 'At least ' : ''}${each} for each poll${where}, ${reasonOf(estimate)}. How often polls come cannot be told.`;
	}
	const perDay = requests * polls;
	const all = `${isMore ? 'At least' : 'About'} ${rateOf(perDay, 'request')}${where}`;
	return `${all}${priceOf(estimate, perDay)}: ${each} for each of ${rateOf(polls, 'poll')}, ${reasonOf(estimate)}.`;
}

/** Why it is not known what the polls take, and what to do. */
export function notKnown(error: unknown): string {
	const begin = 'How many requests the polls send is not known.';
	if (!(error instanceof S3Failure)) return `${begin} ${String(error)}`;
	const { kind, bucket = '', message, description } = error;
	if (kind !== 'cancelled') return `${begin} ${message}. ${description}`;
	return `${begin} Bucket “${bucket}” could not be listed within 20 seconds. Find out why the server is slow.`;
}

function reasonOf({ objects, isMore }: Estimate): string {
	if (objects === undefined) return 'which reads only what comes after the last key';
	const are = objects === 1 ? 'is' : 'are';
	return `as there ${are} ${isMore ? 'more than ' : ''}${counted(objects, 'object')}`;
}

function priceOf({ isAws }: Estimate, requestsPerDay: number): string {
	if (!isAws) return '';
	const dollars = requestsPerDay * DAYS_OF_MONTH * PRICE_OF_REQUEST;
	if (dollars < 0.01) return ', under $0.01 a month on AWS';
	const digits = dollars < 100 ? 2 : 0;
	const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	return `, $${dollars.toLocaleString('en-US', format)} a month on AWS`;
}

/** What happens so often on a day, or else in a month. */
function rateOf(perDay: number, what: string): string {
	if (perDay >= 1) return `${counted(Math.round(perDay), what)} a day`;
	return `${counted(Math.max(1, Math.round(perDay * DAYS_OF_MONTH)), what)} a month`;
}

function counted(number: number, what: string): string {
	return `${number.toLocaleString('en-US')} ${what}${number === 1 ? '' : 's'}`;
}
