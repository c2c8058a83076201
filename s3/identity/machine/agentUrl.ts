import { isLoopback } from '../../loopback';
import { S3Failure } from '../../S3Failure';

/** Addresses of the agents of ECS and EKS. */
const AGENTS = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];
/** What could not be done if an agent is not asked, or gives nothing. */
export const PURPOSE = 'Could not get the keys of the container’s role';

/**
 * The URL of an agent. AWS allows no other hosts by plain http: on the way others could read the token and the keys.
 * @throws S3Failure of kind `refused`
 */
export function agentUrl(text: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol === 'https:') return url;
	if (url?.protocol === 'http:' && (AGENTS.includes(url.hostname) || isLoopback(url.hostname))) {
		return url;
	}
	const host =
		url === undefined ? 'what is set is not a URL' : `the host ${url.host} is not allowed`;
	throw S3Failure.refused(
		`${PURPOSE}: ${host}`,
		`AWS_CONTAINER_CREDENTIALS_FULL_URI in the environment of n8n must begin with https://, or name this machine or one of ${AGENTS.join(', ')}.`,
	);
}
