// SPDX-License-Identifier: Apache-2.0
/// Endings of aggregate names, `sumIf`, `uniqArray`, `avgMap`: states made of other states.
package dev.varve.merge.aggregate.combinator;
