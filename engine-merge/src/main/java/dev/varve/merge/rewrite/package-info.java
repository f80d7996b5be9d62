// SPDX-License-Identifier: Apache-2.0
/// Rewriting parts: many sorted parts in, the rows of one out, in bounded memory.
package dev.varve.merge.rewrite;
