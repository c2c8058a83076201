import { egressFor } from '../../../../s3/http/egress';
import type { Egress } from '../../../../s3/http/egress';
import { ProxiedNames } from '../../../../s3/http/proxiedNames';

type Found = Parameters<Parameters<Egress['lookup']>[2]>[0];

/** A look-up whose answers a test gives. */
function lookUps(hasRules: boolean, maxWait?: number) {
	const asked: string[] = [];
	const answers: Array<(error: Found) => void> = [];
	const lookup: Egress['lookup'] = (host, _, done) => {
		asked.push(host);
		answers.push((error) => {
			done(error, []);
		});
	};
	const names = new ProxiedNames({ ...egressFor(undefined), hasRules, lookup }, maxWait);
	return { asked, answers, names };
}

const blocked = egressFor(undefined).refusalOf('169.254.169.254') ?? null;
const unknown = Object.assign(new Error('x'), { code: 'ENOTFOUND' });

it.each([true, false])(
	'a name that leads to an address that is not allowed is refused behind a proxy, with rules: %s',
	async (hasRules) => {
		const { answers, names } = lookUps(hasRules);
		const checked = names.check('metadata.example');
		answers[0]?.(blocked);
		await expect(checked).rejects.toMatchObject({ code: 'LinkLocalAddress' });
	},
);

it.each([true, false])(
	'a name that only the proxy knows is left to it, with rules: %s',
	async (hasRules) => {
		const { answers, names } = lookUps(hasRules);
		const checked = names.check('inside.example');
		answers[0]?.(unknown);
		await expect(checked).resolves.toBeUndefined();
	},
);

it('without rules a name is looked up once for all connections of a minute', async () => {
	const { asked, answers, names } = lookUps(false);
	const checked = [names.check('a.example'), names.check('a.example')];
	answers[0]?.(blocked);
	for (const check of checked) await expect(check).rejects.toThrow();
	await expect(names.check('a.example')).rejects.toThrow();
	expect(asked).toEqual(['a.example']);
});

it('without rules a name that nobody answers for is left to the proxy after a time', async () => {
	const { names } = lookUps(false, 10);
	await expect(names.check('silent.example')).resolves.toBeUndefined();
});

it('with rules each connection has its look-up, as an answer may change', async () => {
	const { asked, answers, names } = lookUps(true);
	const first = names.check('a.example');
	answers[0]?.(null);
	await first;
	const second = names.check('a.example');
	answers[1]?.(blocked);
	await expect(second).rejects.toThrow();
	expect(asked).toHaveLength(2);
});
