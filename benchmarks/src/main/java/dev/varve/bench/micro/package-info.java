// SPDX-License-Identifier: Apache-2.0
/// Kernels on their own, by JMH: each class opens with its question and the answer that arithmetic
/// gives. `./varve bench micro` runs them.
package dev.varve.bench.micro;
