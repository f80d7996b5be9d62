// SPDX-License-Identifier: Apache-2.0
/// Skip indexes: what a part keeps beside its columns so that scans need not read granules that
/// cannot hold a wanted row. Derived from the part: a file that is missing or damaged costs time,
/// never rows.
package dev.varve.storage.skip;
