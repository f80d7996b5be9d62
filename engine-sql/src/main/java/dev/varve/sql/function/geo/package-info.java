// SPDX-License-Identifier: Apache-2.0
/// Places on the globe and in the plane: distances, geohashes, shapes, space-filling curves.
package dev.varve.sql.function.geo;
