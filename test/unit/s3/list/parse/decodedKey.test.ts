import { decodedKey } from '../../../../../s3/list/parse/decodedKey';

it('decodedKey reads a plus as a space, and every other character as it was encoded', () => {
	expect(decodedKey('a+b%2Bc%2Fd%C3%BC%0A')).toBe('a b+c/dü\n');
});

it('decodedKey throws for what is not encoded', () => {
	expect(() => decodedKey('100%')).toThrow(URIError);
});
