/** The role of the machine that n8n runs on, as its owner has set it up in the environment. */
import type {
	ContainerIdentity,
	InstanceIdentity,
	MachineIdentity,
	WebIdentity,
} from '../../s3/Connection';
import { S3Failure } from '../../s3/S3Failure';
import { readTextField, type CredentialFields } from './readField';
import { isSwitchedOn } from './readVariable';

/** n8n's own switch, which is off unless its owner switches it on. @see https://docs.n8n.io/hosting/configuration/environment-variables/security/ */
const SWITCH = 'N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED';

/** The agent of ECS, to which the path in the environment belongs. */
const ECS_AGENT = 'http://169.254.170.2';
const METADATA = { IPv4: 'http://169.254.169.254', IPv6: 'http://[fd00:ec2::254]' };

/**
 * The role of the machine, from the source that the credential names. Which one *Automatic* is follows from the
 * environment alone: a source that fails is not replaced by the next one, which could be another role.
 *
 * @throws {S3Failure} of kind `refused` if the owner of this n8n has not allowed it; of kind `invalid` if the
 * environment lacks what the source needs
 */
export function readMachine(fields: CredentialFields): MachineIdentity {
	if (!isSwitchedOn(SWITCH)) {
		throw S3Failure.refused(
			'This n8n does not let credentials use the role of the machine that it runs on',
			`Ask the owner of this n8n to set ${SWITCH}=true in its environment and to restart it, or use another kind of credential.`,
		);
	}
	const source = readTextField(fields, 'source', 'Source') ?? 'automatic';
	if (source === 'automatic') return webIdentity() ?? container() ?? instance();
	if (source === 'webIdentity') {
		return webIdentity() ?? missing('AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN', WEB_IDENTITY);
	}
	if (source === 'container') {
		const names = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI';
		return container() ?? missing(names, CONTAINER);
	}
	if (source === 'instance') return instance();
	throw S3Failure.invalid(
		`The credential's Source is unknown: ${source.slice(0, 40)}`,
		'Choose Automatic, Container, Instance or Web Identity in the credential.',
	);
}

/** The STS that the environment names in place of that of AWS; undefined if it names none. */
export const stsOfMachine = (): string | undefined => variable('AWS_ENDPOINT_URL_STS');

const WEB_IDENTITY =
	'EKS sets them in pods whose service account has a role: annotate the service account with eks.amazonaws.com/role-arn and restart the pod, or choose another Source.';
const CONTAINER =
	'ECS sets it in tasks with a task role, EKS in pods with a Pod Identity association: add one and start the container again, or choose another Source.';

/** Variables of AWS have no `_FILE` as those of n8n. */
function variable(name: string): string | undefined {
	const value = process.env[name]?.trim() ?? '';
	return value === '' ? undefined : value;
}

function missing(variables: string, advice: string): never {
	throw S3Failure.invalid(`The environment of n8n has no ${variables}`, advice);
}

function webIdentity(): WebIdentity | undefined {
	const tokenFile = variable('AWS_WEB_IDENTITY_TOKEN_FILE');
	const roleArn = variable('AWS_ROLE_ARN');
	if (tokenFile === undefined || roleArn === undefined) return undefined;
	const roleSessionName = variable('AWS_ROLE_SESSION_NAME');
	return { kind: 'webIdentity', roleArn, tokenFile, roleSessionName, stsEndpoint: stsOfMachine() };
}

function container(): ContainerIdentity | undefined {
	const path = variable('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI');
	const url = path === undefined ? variable('AWS_CONTAINER_CREDENTIALS_FULL_URI') : ecsUrl(path);
	if (url === undefined) return undefined;
	return {
		kind: 'container',
		url,
		token: variable('AWS_CONTAINER_AUTHORIZATION_TOKEN'),
		tokenFile: variable('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'),
	};
}

/** Without the slash, the text would go on in the name of the host. */
function ecsUrl(path: string): string {
	if (path.startsWith('/')) return `${ECS_AGENT}${path}`;
	throw S3Failure.invalid(
		'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI in the environment of n8n does not begin with a slash',
		'Leave this variable to ECS, which sets it in tasks with a task role.',
	);
}

function instance(): InstanceIdentity {
	const disabled = variable('AWS_EC2_METADATA_DISABLED')?.toLowerCase() ?? 'false';
	if (disabled !== 'false') {
		throw S3Failure.refused(
			'The environment of n8n forbids the instance metadata service, and names no other source of a role',
			'Remove AWS_EC2_METADATA_DISABLED from the environment of n8n, or choose another Source in the credential.',
		);
	}
	return { kind: 'instance', endpoint: metadataEndpoint() };
}

function metadataEndpoint(): string {
	const mode = variable('AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE')?.toLowerCase();
	const usual = mode === 'ipv6' ? METADATA.IPv6 : METADATA.IPv4;
	return variable('AWS_EC2_METADATA_SERVICE_ENDPOINT') ?? usual;
}
