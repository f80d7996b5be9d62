// SPDX-License-Identifier: Apache-2.0
/// Mergeable states of aggregate functions and their serialized forms.
package dev.varve.merge.aggregate;
