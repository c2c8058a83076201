'use strict';

const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: '<rootDir>/test/environment.cjs',
	roots: ['<rootDir>/s3', '<rootDir>/nodes', '<rootDir>/credentials', '<rootDir>/test'],
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// The end-to-end tests need a real n8n and a browser: `npm run test:e2e`; `npm run test:trigger` is a run of its own.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/trigger/'],
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
	// Tests of thousands of objects or parts take a third of it, and more on a busy machine.
	testTimeout: 90_000,
	// Most tests wait most of their time: for pauses before attempts, and for slow servers.
	maxWorkers: Math.min(8, 2 * availableParallelism()),
};
