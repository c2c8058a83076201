import { listedPrefixOf } from '../../../../nodes/parameters/listedPrefix';
import { sourceOf } from './sourceOf';

function listedPrefix(prefix: string, entered: string) {
	const hints: string[] = [];
	const source = sourceOf({ prefix }, 'UTC', { prefix: entered });
	return [listedPrefixOf({ ...source, hint: (message) => hints.push(message) }), hints];
}

it('a prefix keeps the spaces around it', () => {
	expect(listedPrefix(' a/', ' a/')).toEqual([' a/', []]);
});

it('a prefix that is left empty means the whole bucket', () => {
	expect(listedPrefix('', '')).toEqual([undefined, []]);
});

it('an expression that gives no prefix lists the whole bucket, and a hint says so', () => {
	expect(listedPrefix('', '={{ $json.folder }}')).toEqual([
		undefined,
		['The expression of Prefix gave nothing, so the whole bucket was listed.'],
	]);
});
