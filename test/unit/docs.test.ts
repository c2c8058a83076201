/** The pages under docs/ say what the code says. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';
import type { ICredentialType } from 'n8n-workflow';
import { parse, type Tags } from 'yaml';

import { AmazonS3AccessKeysApi } from '../../credentials/AmazonS3AccessKeysApi.credentials';
import { AmazonS3AmbientApi } from '../../credentials/AmazonS3AmbientApi.credentials';
import { AmazonS3BasicAuthApi } from '../../credentials/AmazonS3BasicAuthApi.credentials';
import { AmazonS3RolesAnywhereApi } from '../../credentials/AmazonS3RolesAnywhereApi.credentials';
import { signingTarget } from '../../credentials/httpRequest/signingTarget';
import { explanationOf } from '../../s3/errors/errorCodes';
import {
	adviseOnRolesAnywhere,
	ROLES_ANYWHERE_REFUSALS,
} from '../../s3/identity/rolesAnywhere/refusals';
import { explanationOfProxy, ProxyError } from '../../s3/errors/proxyError';
import { credentialTypeOf } from '../../nodes/connection/authentication';
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { examples, readExample } from '../servers/n8n/examples';
import { blocksIn, blockWith, DOCS, readDoc, rowsUnder } from '../docs/page';

const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'));
const decisions = readdirSync(join(DOCS, 'decisions')).map((name) => `decisions/${name}`);
/** The pages beside docs/, as seen from there. */
const others = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 's3/README.md'];
const texts = [...pages, ...decisions, ...others.map((name) => `../${name}`)];
const readme = readDoc('../README.md');

/** What a link to a heading ends with. */
const anchorsOf = (page: string): string[] =>
	[...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(' ', '-'),
	);

/** The links of a page to files here: as they are written, the file that is meant, and the heading. */
function linksOf(name: string): { link: string; file: string; anchor: string | undefined }[] {
	const links = readDoc(name).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g);
	return [...links].map(([link, file = '', anchor]) => {
		const path = file === '' ? name : relative(DOCS, join(DOCS, dirname(name), file));
		return { link, file: path, anchor };
	});
}

describe.each(texts)('%s', (name) => {
	it(`${name} links to files and headings that exist`, () => {
		const broken = linksOf(name).filter(({ file, anchor }) => {
			if (!existsSync(join(DOCS, file))) return true;
			return anchor !== undefined && !anchorsOf(readDoc(file)).includes(anchor);
		});
		expect(broken.map(({ link }) => link)).toEqual([]);
	});

	it(`${name} names commands of npm that exist`, () => {
		const { scripts } = JSON.parse(readDoc('../package.json')) as { scripts: object };
		const named = [
			...readDoc(name).matchAll(/\bnpm (?:run )?(start|test\b[\w:]*|(?<=run )[\w:]+)/g),
		];
		const missing = named.map(([, script = '']) => script).filter((script) => !(script in scripts));
		expect(missing).toEqual([]);
	});

	it(`${name} shows JSON that is JSON`, () => {
		for (const block of blocksIn(readDoc(name), 'json')) {
			expect(() => void JSON.parse(block)).not.toThrow();
		}
	});

	it(`${name} shows commands that a shell can read, and scripts that are JavaScript`, () => {
		const page = readDoc(name);
		for (const input of blocksIn(page, 'sh')) {
			expect(() => execFileSync('sh', ['-n'], { input, stdio: 'pipe' })).not.toThrow();
		}
		for (const block of blocksIn(page, 'js')) {
			expect(() => new Script(`async () => {${block}}`)).not.toThrow();
		}
	});
});

it.each(['AmazonS3', 'AmazonS3Trigger'])(
	'the node %s links to pages and headings that exist',
	(node) => {
		const links = [
			...readDoc(`../nodes/${node}/${node}.node.json`).matchAll(
				/n8n-nodes-amazon-s3\/n8n-nodes-amazon-s3(?:\/blob\/HEAD\/([^"#]+))?(?:#([^"]+))?"/g,
			),
		];
		expect(links).toHaveLength(2);
		for (const [, file = 'README.md', anchor] of links) {
			expect(existsSync(join(DOCS, '..', file))).toBe(true);
			if (anchor !== undefined) expect(anchorsOf(readDoc(`../${file}`))).toContain(anchor);
		}
	},
);

describe.each(pages)('docs/%s', (name) => {
	const page = readDoc(name);

	it(`docs/${name} shows policies of the version that knows conditions`, () => {
		for (const block of blocksIn(page, 'json').filter(isPolicy)) {
			expect(JSON.parse(block)).toMatchObject({ Version: '2012-10-17' });
		}
	});

	it(`docs/${name} shows statements with all that IAM asks for`, () => {
		const blocks = blocksIn(page, 'json').filter(isPolicy);
		const policies = blocks.map((block) => JSON.parse(block) as Policy);
		for (const { Effect, Action, Resource, Principal } of policies.flatMap(
			({ Statement }) => Statement,
		)) {
			expect(Effect).toMatch(/^(Allow|Deny)$/);
			expect([Action].flat().join(' ')).toMatch(/^((s3|sqs|sts|kms):[A-Z]\w+ ?)+$/);
			expect(Resource ?? Principal).toBeDefined();
		}
	});
});

it('docs/connection-settings.md shows a lifecycle rule that removes the parts of unfinished uploads', () => {
	const block = blockWith(readDoc('connection-settings.md'), 'json', 'AbortIncomplete');
	expect(JSON.parse(block)).toEqual({
		Rules: [
			{
				ID: expect.any(String) as string,
				Status: 'Enabled',
				Filter: { Prefix: '' },
				AbortIncompleteMultipartUpload: { DaysAfterInitiation: expect.any(Number) as number },
			},
		],
	});
});

/** The other JSON is a configuration of a bucket. */
const isPolicy = (block: string): boolean => !/"(Rules|QueueConfigurations)"/.test(block);

interface Policy {
	Version: string;
	Statement: Record<'Effect' | 'Action' | 'Resource' | 'Principal', unknown>[];
}

describe('the tables of fields', () => {
	it.each<[string, ICredentialType]>([
		['access-keys.md', new AmazonS3AccessKeysApi()],
		['basic-auth.md', new AmazonS3BasicAuthApi()],
		['roles-anywhere.md', new AmazonS3RolesAnywhereApi()],
		['connection-settings.md', new AmazonS3AccessKeysApi()],
	])('the tables of %s name fields as n8n shows them', (name, { properties }) => {
		const shown = properties.map(({ displayName }) => displayName);
		const named = rowsUnder(readDoc(name), 'Field').flatMap(([fields = '']) => fields.split(', '));
		expect(named.length).toBeGreaterThan(3);
		expect(named.filter((field) => !shown.includes(field))).toEqual([]);
	});
});

describe('the table of S3’s codes', () => {
	const rows = rowsUnder(readDoc('access-keys.md'), 'Code');

	it.each(rows)('the table of S3’s codes says of %s what n8n says', (code, words, advice) => {
		expect(explanationOf(code)).toMatchObject({ words, advice });
	});
});

describe('the table of signed URLs', () => {
	const rows = rowsUnder(readDoc('connection-settings.md'), 'URL');

	it.each(rows)(
		'the table of signed URLs says of %s what it is signed for',
		(url = '', signedFor = '') => {
			const { hostname } = new URL(url.replaceAll('`', ''));
			const { service, region } = signingTarget(hostname, {
				region: 'the region of the credential',
			});
			const name = { 'execute-api': 'API Gateway' }[service] ?? service.toUpperCase();
			expect(signedFor).toContain(name);
			if (signedFor.includes(' in ')) expect(signedFor).toContain(`in ${region}`);
		},
	);
});

describe('the table of what a proxy does', () => {
	it('the table of what a proxy does has the words that n8n has', () => {
		const failures: [number | undefined, string | undefined][] = [
			[407, undefined],
			[403, undefined],
			[undefined, 'ECONNREFUSED'],
			[undefined, undefined],
		];
		const said = failures.map(([status, code]) => {
			const error = new ProxyError('proxy.example.com:3128', status, code);
			return explanationOfProxy(error, 's3.example.com').words;
		});
		const rows = rowsUnder(readDoc('connection-settings.md'), 'Message');
		expect(rows).toHaveLength(said.length);
		rows.forEach(([shown = ''], i) => {
			const words = shown.replaceAll('*', '').replaceAll('…', '\\S+');
			expect(said[i]).toMatch(new RegExp(words));
		});
	});
});

describe('the table of what IAM Roles Anywhere refuses', () => {
	const rows = rowsUnder(readDoc('roles-anywhere.md'), 'The service says');

	it('the table of what IAM Roles Anywhere refuses has a row for every refusal that is known, in the same order', () => {
		const found = rows.map(([words = '']) =>
			ROLES_ANYWHERE_REFUSALS.findIndex(([pattern]) => pattern.test(words)),
		);
		expect(found).toEqual(ROLES_ANYWHERE_REFUSALS.map((_, i) => i));
	});

	it('the table of what IAM Roles Anywhere refuses gives the advice that n8n gives', () => {
		for (const [words, , advice] of rows) {
			expect({ words, advice }).toEqual({
				words,
				advice: adviseOnRolesAnywhere({
					code: 'AccessDeniedException',
					message: words,
					requestId: undefined,
				}).advice,
			});
		}
	});
});

describe('the CloudFormation template', () => {
	const page = readDoc('roles-anywhere.md');
	const template = parse(readDoc('roles-anywhere.cloudformation.yaml'), {
		customTags: intrinsics,
	}) as Template;
	const { Resources, Parameters, Outputs } = template;
	const role = Resources.Role?.Properties ?? {};

	it('the CloudFormation template trusts as the page does', () => {
		const trusted = JSON.parse(
			blockWith(page, 'json', 'rolesanywhere')
				.replace('TRUST-ANCHOR-ARN', '!GetAtt TrustAnchor.TrustAnchorArn')
				.replace('"n8n"', '"!Ref CommonName"'),
		) as unknown;
		expect(role.AssumeRolePolicyDocument).toEqual(trusted);
	});

	it('the CloudFormation template permits what the page permits', () => {
		const permitted = JSON.parse(
			blockWith(page, 'json', 's3:ListBucket')
				.replaceAll('BUCKET', '${Bucket}')
				.replaceAll('"arn:aws:', '"!Sub arn:${AWS::Partition}:'),
		) as unknown;
		expect(role.Policies).toEqual([{ PolicyName: 'bucket', PolicyDocument: permitted }]);
	});

	it('the CloudFormation template refers to nothing that it does not have', () => {
		const text = JSON.stringify(template);
		const named = [...text.matchAll(/!(?:Ref|GetAtt) (\w+)(?!\w*::)/g)].map(([, name]) => name);
		const known = ['AWS', ...Object.keys(Parameters), ...Object.keys(Resources)];
		expect(named.length).toBeGreaterThan(8);
		expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([]);
	});

	it('the CloudFormation template has the parameters that the page explains, and gives what the fields ask for', () => {
		expect(rowsUnder(page, 'Parameter').map(([name]) => name)).toEqual(Object.keys(Parameters));
		const fields = new AmazonS3RolesAnywhereApi().properties.map(({ displayName }) => displayName);
		for (const { Description } of Object.values(Outputs)) {
			expect(fields).toContain(Description.replace('For the field ', ''));
		}
	});
});

/** How many pixels high a picture is on GitHub, which shows it 830 pixels wide at most. */
function shownHeight(file: string): number {
	const bytes = readFileSync(file);
	const [, w, h] = /viewBox="0 0 (\S+) (\S+)"/.exec(bytes.toString('latin1')) ?? [];
	const isSvg = file.endsWith('.svg');
	const [width, height] = isSvg
		? [Number(w), Number(h)]
		: [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
	return (height * Math.min(830, width)) / width;
}

interface Template {
	Parameters: Record<string, unknown>;
	Resources: Record<string, { Properties: Record<string, unknown> }>;
	Outputs: Record<string, { Description: string }>;
}

/** CloudFormation's short forms, kept as text. */
function intrinsics(tags: Tags): Tags {
	const short = ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({
		tag,
		resolve: (text: string) => `${tag} ${text}`,
	}));
	return [...tags, ...short];
}

describe('the help that n8n opens from a credential', () => {
	const credentials = [
		new AmazonS3AccessKeysApi(),
		new AmazonS3AmbientApi(),
		new AmazonS3BasicAuthApi(),
		new AmazonS3RolesAnywhereApi(),
	];

	it.each(credentials)(
		'the help that n8n opens from the credential $displayName is the page about it',
		({ documentationUrl, displayName }) => {
			const [, page = ''] = /\/blob\/HEAD\/docs\/([\w-]+\.md)$/.exec(documentationUrl) ?? [];
			expect(readDoc(page)).toContain(displayName);
		},
	);
});

describe('docs/examples.md', () => {
	const page = readDoc('examples.md');

	it('docs/examples.md has a row for each example, by the name of its workflow', () => {
		const rows = rowsUnder(page, 'Example').map(([first]) => first);
		const links = examples.map((name) => `[${readExample(name).name}](../examples/${name}.json)`);
		expect([...rows].sort()).toEqual([...links].sort());
	});

	it.each(examples)(
		'the example %s has a note, and sets nothing that the node does not know',
		(name) => {
			const { nodes } = readExample(name);
			expect(nodes.some(({ type }) => type === 'n8n-nodes-base.stickyNote')).toBe(true);
			expect(nodes.some((node) => 'credentials' in node)).toBe(false);
			const ours = nodes.filter(({ type }) => /amazonS3(Tool)?$/.test(type ?? ''));
			expect(ours).not.toEqual([]);
			for (const { parameters = {} } of ours) {
				const { authentication, resource, operation, options, ...set } = parameters;
				expect(credentialTypeOf(authentication, 'source').name).toBeTruthy();
				const registries: Readonly<Record<string, Registry>> = resources;
				const fields = registries[resource as string]?.[operation as string]?.fields ?? [];
				const known = fields.map((field) => field.name);
				expect(
					Object.keys(set).filter((field) => ![...known, 'toolDescription'].includes(field)),
				).toEqual([]);
				const inGroup = fields.find((field) => field.name === 'options')?.options ?? [];
				const optionNames = inGroup.map((option) => option.name);
				expect(
					Object.keys(options ?? {}).filter((option) => !optionNames.includes(option)),
				).toEqual([]);
			}
		},
	);
});

describe('what people see and look up', () => {
	/** All that the package can say: the text of its sources. */
	const words = ['nodes', 'credentials', 's3']
		.flatMap((folder) =>
			readdirSync(join(DOCS, '..', folder), { recursive: true, encoding: 'utf8' }).map((name) =>
				join(DOCS, '..', folder, name),
			),
		)
		.filter((file) => file.endsWith('.ts'))
		.map((file) => readFileSync(file, 'utf8'))
		.join('\n');
	/** What n8n says itself. */
	const OF_N8N = ['access to env vars denied', "Node '' hasn't been executed"];

	it.each(['../README.md', 'troubleshooting.md'])(
		'%s quotes in italics only what n8n shows',
		(name) => {
			const seen = rowsUnder(readDoc(name), 'You see').map(([first = '']) => first);
			const quoted = seen.flatMap((cell) =>
				[...cell.matchAll(/\*([^*]+)\*/g)].map(([, one = '']) => one),
			);
			expect(quoted.length).toBeGreaterThan(3);
			const unknown = quoted.filter(
				(one) =>
					!OF_N8N.includes(one) && !one.split('…').every((part) => words.includes(part.trim())),
			);
			expect(unknown).toEqual([]);
		},
	);

	it('docs/connection-settings.md says of keys that may not list what the connection test says', () => {
		const page = readDoc('connection-settings.md');
		const [, quoted = ''] =
			/fail a test with a bucket, in words that say so: \*([^*]+)\*/.exec(
				page.replaceAll('\n', ' '),
			) ?? [];
		expect(quoted.split('…').map((part) => words.includes(part.trim()))).toEqual([true, true]);
	});
});

describe('s3/README.md', () => {
	const walks = readDoc('../s3/README.md').split('\n## ').at(-1) ?? '';
	const filesIn = (text: string) =>
		[...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = '']) => file);

	it('the walks of s3/README.md go through files that exist', () => {
		const isThere = (file: string) =>
			['s3', ''].some((folder) => existsSync(join(DOCS, '..', folder, file)));
		expect(filesIn(walks).length).toBeGreaterThan(50);
		expect(filesIn(walks).filter((file) => !isThere(file))).toEqual([]);
	});

	it('the walk of a bucket list takes no more than twenty files', () => {
		const walk = /\*\*Bucket list\*\*[^]*?\n\n/.exec(walks)?.[0] ?? '';
		const files = new Set(filesIn(walk));
		expect(walk).toContain('in twenty files');
		expect(files.size).toBe(20);
	});
});

describe('the README', () => {
	it('the README leads to every page, by itself or by pages that it links to', () => {
		const reached = new Set(['../README.md']);
		for (const page of reached) {
			const linked = linksOf(page).map(({ file }) => file);
			for (const file of linked) if (file.endsWith('.md')) reached.add(file);
		}
		expect(pages.filter((page) => !reached.has(page))).toEqual([]);
	});

	const images = [...readme.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(
		([, alt = '', file = '']) => ({ alt, file }),
	);

	it('the README is short: no more than 850 words, 25 rows of tables, and pictures of 450 pixels in all', () => {
		// test/e2e/readme.test.ts measures in a browser that this fits on three screens.
		const words = readme
			.replace(/<!--.*?-->/g, '')
			.split(/\s+/)
			.filter((word) => /\p{L}/u.test(word));
		expect(words.length).toBeLessThanOrEqual(850);
		expect(readme.match(/^\| (?!-)/gm)?.length).toBeLessThanOrEqual(25);
		const heights = images.map(({ file }) => shownHeight(join(DOCS, '..', file)));
		expect(heights.reduce((sum, height) => sum + height)).toBeLessThanOrEqual(450);
	});

	it('the README goes from what it is and how to install it to what it cannot do', () => {
		const [first = ''] = readme.split('\n## ');
		expect(first).toContain('](docs/images/canvas.png)');
		expect([...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
			'Install',
			'Which credential?',
			'The first two minutes',
			'Recipes',
			'Variables',
			'Troubleshooting',
			'What it cannot do',
			'Performance',
			'Develop',
		]);
	});

	it('the README shows pictures that say what is on them', () => {
		expect(images.length).toBeGreaterThan(1);
		for (const { alt } of images) expect(alt.split(' ').length).toBeGreaterThan(3);
	});
});
