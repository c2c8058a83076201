import { outputField, outputFileName } from '../../../../nodes/parameters/outputFile';
import { sourceOf } from './sourceOf';

it.each([
	['', 'data'],
	[' photo ', 'photo'],
])('an output field of %p is the field %p', (binaryProperty, field) => {
	expect(outputField.read(sourceOf({ binaryProperty }))).toBe(field);
});

it('an empty file name leaves it to the operation to name the file', () => {
	expect(outputFileName.read(sourceOf({}))).toBeUndefined();
	expect(outputFileName.read(sourceOf({ 'options.fileName': 'a b.csv' }))).toBe('a b.csv');
});
