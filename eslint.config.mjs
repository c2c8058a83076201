import eslint from '@eslint/js';
import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const typescript = ['{convert,s3,nodes,credentials,test,bench}/**/*.ts'];
const source = ['{convert,s3,nodes,credentials}/**/*.ts'];
const n8nSource = ['{nodes,credentials}/**/*.ts'];

/** Arrays of field descriptions are long and have no logic to be lost in. */
const fieldLists = ['nodes/**/{fields,*Fields}.ts', 'credentials/fields/{connection,regions}.ts'];

/** First words with which a title says what happens, but not to what: it needs the titles around it. */
const verbs = [
	'accepts|adds|allows|answers|apply|as|asks|become|becomes|begin|begins|belongs?|brings|calls|can',
	'cannot|checks|closes|comes?|completes|costs|creates|decodes|deletes|delivers|denies|depends|do|does',
	'draws|drops|encodes|ends?|evaluates|explains|fails?|falls|fills|filters|finds?|fits|follows|forgets',
	'gets?|gives?|goes|grants|grows?|has|have|holds?|ignores|is|are|keeps?|knows?|leaves?|lends|lets?',
	'loads|makes?|may|measures|meets|must|needs?|notices|opens|passes|permits|produces|proves|puts?',
	'reads?|recognizes|reduces|refers|refuses?|rejects|releases|remembers|removes|repeats|replaces',
	'requires|resolves|retries|returns|rises|runs?|says?|sends?|serves|sets|shows?|shrinks|signs|splits',
	'starts|stays?|stops?|stores|succeeds?|takes?|tells?|that|throws?|treats|tries|trusts|turns|unpacks',
	'updates|uses?|verifies|waits?|warns|was|were|works?|writes?',
].join('|');
/** The same, unless what follows shows that the word is a noun. */
const verbsOrNouns = 'compares|copies|counts|links|lists|names|numbers|reports|uploads';
const noSubject = `/^(%\\w$|(${verbs})\\b|(${verbsOrNouns})\\b(?! (and|are|do|have|of|that|which|with)\\b))/`;
const title = ':matches([callee.name=/^(it|test)$/], [callee.callee.object.name=/^(it|test)$/])';

/** The rules of n8n's older plugin, which has no flat configuration. */
const nodesBaseRules = (set) => n8nNodesBase.configs[set].rules;

export default defineConfig(
	globalIgnores(['dist/', '.cache/', 'coverage/', 'test/vectors/']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },

	{
		files: ['**/*.{js,cjs,mjs}'],
		extends: [eslint.configs.recommended],
		languageOptions: { globals: globals.node },
	},
	{ files: ['**/*.{js,cjs}'], languageOptions: { sourceType: 'commonjs' } },

	{
		files: typescript,
		extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			'@typescript-eslint/consistent-type-imports': [
				'error',
				// `typeof import('./sdk')` is what a module that is loaded at first use is called.
				{ fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
			],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			// Sizes, counts and part numbers are what messages are made of.
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
			eqeqeq: 'error',
			'no-console': 'error',
		},
	},
	{
		files: source,
		rules: {
			'max-lines': ['error', { max: 300, skipBlankLines: true }],
			'max-lines-per-function': ['error', { max: 60, skipBlankLines: true }],
		},
	},
	{ files: fieldLists, rules: { 'max-lines': 'off' } },

	{
		files: ['test/**/*.ts', 'bench/**/*.ts'],
		rules: {
			// With noUncheckedIndexedAccess, `rows[0]!` says "there is one, or the test fails here".
			'@typescript-eslint/no-non-null-assertion': 'off',
			// `expect(object.method)` takes a method to look at it, not to call it.
			'@typescript-eslint/unbound-method': 'off',
			'no-restricted-syntax': [
				'error',
				...[`Literal[value=${noSubject}]`, `TemplateLiteral[quasis.0.value.raw=${noSubject}]`].map(
					(text) => ({
						selector: `CallExpression${title} > ${text}.arguments:first-child`,
						message: 'Let the title be a whole sentence by itself, with its subject.',
					}),
				),
			],
		},
	},

	{
		files: n8nSource,
		extends: [n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport],
	},
	{
		files: n8nSource,
		ignores: ['nodes/*/*.node.ts', '**/pickers.ts', '**/connectionTest.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: "CallExpression[callee.property.name='getNodeParameter'][arguments.1.value=0]",
					message:
						'Read the parameter of the item at hand: with index 0 every item gets the first one’s.',
				},
			],
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...nodesBaseRules('nodes'),
			// The newer plugin asks for NodeConnectionTypes where these two ask for 'main'.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...nodesBaseRules('credentials'),
			// For n8n's own repository only: a community package gives a URL, as two other rules ask.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['package.json'],
		extends: [n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: nodesBaseRules('community'),
	},
);
