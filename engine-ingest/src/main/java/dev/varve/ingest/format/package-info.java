// SPDX-License-Identifier: Apache-2.0
/// What the value of a record looks like: each format reads rows out of bytes into columns, and
/// says which column does not fit.
package dev.varve.ingest.format;
