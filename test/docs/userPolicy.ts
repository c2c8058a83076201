import { send } from '../engine/bucket';
import type { Credential } from '../engine/n8n';

/**
 * Gives the limited user of radosgw a policy of IAM and no other.
 * @param main of the user who may do that
 */
export async function putUserPolicy(main: Credential, policy: object): Promise<void> {
	const form = new URLSearchParams({
		Action: 'PutUserPolicy',
		UserName: 'limited',
		PolicyName: 'permissions',
		PolicyDocument: JSON.stringify(policy),
		Version: '2010-05-08',
	});
	await send(main, 'POST', '/', {
		body: form.toString(),
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	});
}
