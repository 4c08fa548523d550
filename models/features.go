package models

import (
	"strings"

	"presage"
)

// The features of a roll-up, with their units. A feature is missing when its
// day held no valid reading for it.
const (
	FeatureOdometer       = "odometer_km"            // km, the day's last plausible reading
	FeatureDistance       = "distance_km"            // km driven on the day, by odometer, else by speed over time
	FeatureAmbient        = "ambient_c"              // degC, mean
	FeaturePadFront       = "pad_wear_front_pct"     // % worn, the worse wheel's median
	FeaturePadRear        = "pad_wear_rear_pct"      // % worn, the worse wheel's median
	FeatureTyreFrontLeft  = "tyre_front_left_kpa20"  // kPa gauge at 20 degC, median
	FeatureTyreFrontRight = "tyre_front_right_kpa20" // kPa gauge at 20 degC, median
	FeatureTyreRearLeft   = "tyre_rear_left_kpa20"   // kPa gauge at 20 degC, median
	FeatureTyreRearRight  = "tyre_rear_right_kpa20"  // kPa gauge at 20 degC, median
	FeatureRest12V        = "battery_12v_rest_v20"   // V at 20 degC, median at rest
	FeatureCrank12V       = "battery_12v_crank_v20"  // V at 20 degC, median over starts of the lowest while cranking
	FeatureRunning12V     = "battery_12v_running_v"  // V, median while alternator or DC-DC feeds
	FeatureCapacity       = "hv_capacity_ah"         // Ah, weighted mean over the day's windows
	FeatureCapacityWeight = "hv_capacity_weight"     // 1 = one warm charge over 20 points
	FeatureHealth         = "hv_health_pct"          // % of the capacity when new; by Complete
	FeatureSoCSpan        = "hv_soc_span_pct"        // points between lowest and highest state of charge
	FeaturePackTempMax    = "hv_temp_max_c"          // degC
	FeaturePackTempMin    = "hv_temp_min_c"          // degC
	FeatureCellLowest     = "hv_cell_lowest"         // 1-based number of the cell that stays lowest
	FeatureCellMv         = "hv_cell_lowest_mv"      // mV, its median deviation from the pack's median
	FeatureCellNextMv     = "hv_cell_next_mv"        // mV, the same of the next lowest cell
	FeatureCellZ          = "hv_cell_lowest_z"       // the deviation in robust spreads of all cells
	FeatureInsulation     = "hv_insulation_kohm"     // kOhm, lowest
	FeatureWarning        = "hv_warning_level"       // 0-3, highest
)

// The tracked features have a place in a Track's columns.
const (
	colOdometer = iota
	colDistance
	colAmbient
	colPadFront
	colPadRear
	colTyreFL
	colTyreFR
	colTyreRL
	colTyreRR
	colRest
	colCrank
	colCapacity
	colCapacityWeight
	colCellLowest
	colCellMv
	colCellZ
	colCellNextMv
	colInsulation
	colWarning
	columns
)

var trackedFeatures = [columns]string{ //nolint:gochecknoglobals // a constant table
	FeatureOdometer, FeatureDistance, FeatureAmbient, FeaturePadFront, FeaturePadRear,
	FeatureTyreFrontLeft, FeatureTyreFrontRight, FeatureTyreRearLeft, FeatureTyreRearRight,
	FeatureRest12V, FeatureCrank12V, FeatureCapacity, FeatureCapacityWeight,
	FeatureCellLowest, FeatureCellMv, FeatureCellZ, FeatureCellNextMv, FeatureInsulation, FeatureWarning,
}

// FeatureComponent is the component that a feature tells of, "vehicle" where it
// is of no single one. It names series in stores, so that it never changes.
func FeatureComponent(feature string) presage.ComponentID {
	switch feature {
	case FeaturePadFront:
		return presage.BrakePadsFront
	case FeaturePadRear:
		return presage.BrakePadsRear
	}
	for prefix, component := range map[string]presage.ComponentID{
		"tyre_": presage.TyreLeak, "battery_12v_": presage.Battery12V, "hv_": presage.HVBattery,
	} {
		if strings.HasPrefix(feature, prefix) {
			return component
		}
	}
	return "vehicle"
}
