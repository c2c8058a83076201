'use strict';

const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest gives tests an `Error` of their own, of which an error from Node itself is no instance; the
 * AWS SDK then wraps a refused connection beyond recognition. Outside of Jest there is one `Error`.
 */
module.exports = class extends TestEnvironment {
	constructor(...settings) {
		super(...settings);
		this.global.Error = Error;
		this.global.TypeError = TypeError;
	}
};
