package rollpack

// names are the features that are stored by their place here. Places are stored:
// a name is added at the end and none is ever removed or moved. A feature that
// is not here is stored by its name.
var names = [...]string{ //nolint:gochecknoglobals // a constant table
	"odometer_km", "distance_km", "ambient_c", "pad_wear_front_pct", "pad_wear_rear_pct",
	"tyre_front_left_kpa20", "tyre_front_right_kpa20", "tyre_rear_left_kpa20", "tyre_rear_right_kpa20",
	"battery_12v_rest_v20", "battery_12v_crank_v20", "battery_12v_running_v",
	"hv_capacity_ah", "hv_capacity_weight", "hv_health_pct", "hv_soc_span_pct", "hv_temp_max_c", "hv_temp_min_c",
	"hv_cell_lowest", "hv_cell_lowest_mv", "hv_cell_next_mv", "hv_cell_lowest_z", "hv_insulation_kohm", "hv_warning_level",
}

// place is where a feature stands, from 1; 0 for one that has no place.
func place(feature string) int {
	for i, n := range names {
		if n == feature {
			return i + 1
		}
	}
	return 0
}
