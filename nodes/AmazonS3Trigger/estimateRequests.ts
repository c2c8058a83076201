import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { pollRequests } from '../../s3/watch/pollRequests';
import { AUTHENTICATION, credentialTypeOf } from '../connection/authentication';
import { awaitedCall } from '../connection/awaitedCall';
import { openConnection } from '../connection/open';
import { bucketOf } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { ofEditor } from '../parameters/ParameterSource';
import { readText } from '../parameters/read';
import { pollsPerDay } from './pollTimes';
import { notKnown, wordsOf } from './requestsWords';

/** After this time people take a list that does not load for broken. */
const TIMEOUT_MS = 20_000;

/** The notice of the form: what the polls take, or why that is not known. It does not throw. */
export async function estimateRequests(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const words = await estimate(this).catch(notKnown);
	return { fields: [], emptyFieldsNotice: asHtml(words) };
}

async function estimate(node: ILoadOptionsFunctions): Promise<string> {
	const source = ofEditor(node);
	const { name: type } = credentialTypeOf(readText(source, AUTHENTICATION.source), 'source');
	if (node.getNode().credentials?.[type] === undefined) {
		throw S3Failure.invalid('No credential is chosen', 'Choose one at the top of the form.');
	}
	const fields = async (name: string) => await node.getCredentials(name);
	const s3 = await openConnection({ parameters: source, fields }, 'source');
	const prefix = readText(source, 'prefix');
	const request = {
		bucket: bucketOf(source, s3.connection),
		prefix,
		keyMatches: readText(source, 'options.keyMatches'),
		growing: readText(source, 'order') === 'growing',
		caller: caller.read(source),
	};
	const counted = await pollRequests(s3, request, awaitedCall(TIMEOUT_MS));
	const polls = pollsPerDay(node.getCurrentNodeParameter('pollTimes'));
	return wordsOf({ ...counted, prefix, polls, isAws: s3.connection.endpoint === undefined });
}

/** n8n takes notices for HTML, and drops what could do harm. */
const asHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
