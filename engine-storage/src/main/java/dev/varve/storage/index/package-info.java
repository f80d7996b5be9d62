// SPDX-License-Identifier: Apache-2.0
/// Order: normalised keys whose bytes compare as their rows do, and the sparse primary index over
/// the first key of each granule.
package dev.varve.storage.index;
