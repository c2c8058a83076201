/** Sets variables of the environment for the time of some work, and no others of proxies. */
export async function withEnvironment<Result>(
	variables: Record<string, string>,
	work: () => Promise<Result>,
): Promise<Result> {
	const before = { ...process.env };
	const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];
	for (const name of names.flatMap((upper) => [upper, upper.toLowerCase()])) {
		Reflect.deleteProperty(process.env, name);
	}
	Object.assign(process.env, variables);
	try {
		return await work();
	} finally {
		for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
		Object.assign(process.env, before);
	}
}
