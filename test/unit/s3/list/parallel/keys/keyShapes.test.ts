import { charactersOf } from '../../../../../../s3/list/parallel/keys/keyCharacters';
import {
	charactersAfter,
	haveOneForm,
	KeyShapes,
} from '../../../../../../s3/list/parallel/keys/keyShapes';

const units = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const text = (characters: readonly number[]): string => String.fromCharCode(...characters);
const DIGITS = units('0123456789');

it.each([
	['a1-b2.gz', 'a9-zz.gz', true],
	['a2024/01/31', 'a2024/02/01', true],
	['a1-b2.gz', 'a1-b2.txt', false],
	['a1', 'a12', false],
])('haveOneForm says whether %s and %s differ only in letters and digits', (a, b, same) => {
	expect(haveOneForm(a, b, 0)).toBe(same);
});

describe('charactersAfter', () => {
	it('charactersAfter gives what was seen after a position at which three characters occur', () => {
		const names = ['a1', 'a9', 'b0', 'b3', 'b5', 'c2'];
		expect(charactersAfter(0, charactersOf(names), names, ['a9', 'b0']).map(text)).toEqual([
			'',
			'012359',
		]);
	});

	it('charactersAfter gives all between the ends that the turn from one character to another shows', () => {
		const names = ['a3', 'a4', 'b1', 'b2'];
		expect(charactersAfter(0, charactersOf(names), names, ['a4', 'b1']).map(text)).toEqual([
			'',
			'1234',
		]);
	});

	it('charactersAfter takes a name that ends at the turn for the first one', () => {
		const names = ['a3', 'a4', 'b', 'b1'];
		expect(charactersAfter(0, charactersOf(names), names, ['a4', 'b']).map(text)).toEqual([
			'',
			'01234',
		]);
	});
});

describe('KeyShapes', () => {
	/** Shapes that have seen the digits 0 to 3 in the folders 1 to 3. */
	function shapes(): KeyShapes {
		const names = ['f1/2', 'f1/3', 'f2/0', 'f2/1', 'f2/3', 'f3/0'];
		const known = new KeyShapes();
		known.observe(names, 1, []);
		return known;
	}

	it('the shapes of keys tell to expect in other folders the characters that occur between the ends of a page', () => {
		expect(text(shapes().expectedAt(3, 'f7/1', DIGITS))).toBe('013');
	});

	it('the shapes of keys tell to expect all likely characters in names of other classes', () => {
		expect(text(shapes().expectedAt(3, 'f7-1', DIGITS))).toBe('0123456789');
		expect(text(shapes().expectedAt(3, 'f7/x', DIGITS))).toBe('0123456789');
	});

	it('the shapes of keys learn nothing from a page without names between its ends that goes to another form', () => {
		const known = new KeyShapes();
		known.observe(['a/1', 'b-x'], 0, [[], DIGITS]);
		expect(known.version).toBe(0);
	});

	it('the shapes of keys learn what the caller knows of a page with names of one form', () => {
		const known = new KeyShapes();
		known.observe(['f1/3', 'f2/0'], 1, [[], [], units('/'), units('04')]);
		expect(text(known.expectedAt(3, 'f7/1', DIGITS))).toBe('04');
	});
});
