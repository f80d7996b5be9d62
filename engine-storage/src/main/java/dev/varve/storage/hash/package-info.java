// SPDX-License-Identifier: Apache-2.0
/// Hash functions whose values the world outside knows: what is computed here must never change.
package dev.varve.storage.hash;
