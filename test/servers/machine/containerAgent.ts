import { json, plain, startLender, written } from './service';
import type { Lender, LenderOptions } from './service';

interface AgentOptions extends LenderOptions {
	/** What the agent of EKS wants to see in the header Authorization; it may change. */
	readonly token?: () => string;
}

/** Path at which the agent of EKS lends keys. */
const EKS_PATH = '/v1/credentials';
/** Path at which that of ECS does, with the ID of the task's role. */
const ECS_PATH = '/v2/credentials/0a1b2c3d';

export interface ContainerAgent extends Lender {
	readonly url: string;
}

/** Starts the agent that lends containers the keys of their role: that of ECS, or with a token that of EKS. */
export async function startContainerAgent(options: AgentOptions = {}): Promise<ContainerAgent> {
	const { token } = options;
	const right = token === undefined ? ECS_PATH : EKS_PATH;
	const lender = await startLender(options, ({ method, path, headers }, lend) => {
		if (method !== 'GET' || path !== right) {
			return json(400, {
				code: 'InvalidIdInRequest',
				message: 'CredentialsV2Request: Credentials not found',
				HTTPErrorCode: 400,
			});
		}
		if (token !== undefined && headers.authorization !== token()) {
			return plain(
				401,
				`(ExpiredTokenException): Token ${headers.authorization ?? ''} is not accepted\n`,
			);
		}
		return json(200, { RoleArn: 'arn:aws:iam::111122223333:role/task', ...written(lend()) });
	});
	return Object.assign(lender, { url: `${lender.endpoint}${right}` });
}
