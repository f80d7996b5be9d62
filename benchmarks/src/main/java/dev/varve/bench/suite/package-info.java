// SPDX-License-Identifier: Apache-2.0
/// Whole benchmarks of queries beside peers: data made once, answers checked first, then times.
package dev.varve.bench.suite;
