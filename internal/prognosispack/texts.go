package prognosispack

import "sync"

// texts are those that are stored by their place here. Places are stored: a text
// is added at the end and none is ever removed or moved. A text that is not here
// is stored as it is.
var texts = [...]string{ //nolint:gochecknoglobals // a constant table
	// Components.
	"brake_pads_front", "brake_pads_rear", "battery_12v", "hv_battery", "tyre_leak", "shock_absorbers", "cabin_filter",
	"brake_fluid", "inspection", "engine_oil", "air_filter", "coolant", "timing_belt", "tyre_age", "hybrid_12v_age",
	// Statuses and bases.
	"ok", "watch", "due", "stale", "unknown", "measured", "survival", "clock", "learned",
	// Laws and their versions.
	"wear", "lead_acid", "hv_capacity", "slow_leak", "1", "2", "3", "4", "5",
	// Terms.
	"wear_now", "wear_per_1000km", "km_per_day", "data_age_days", "renewed_days_ago", "rest_voltage", "rest_voltage_trend",
	"crank_voltage", "crank_trend", "age_years", "state_of_health", "fade_per_year", "weak_cell", "cell_deviation",
	"battery_warning", "insulation", "wheel", "pressure", "leak_rate", "leak_chance", "mileage", "days_since_service",
	"km_since_service", "service_assumed", "interval_used", "interval_days", "interval_km", "too_few_days",
	// Units.
	"%", "km", "days", "years", "V", "mV", "kPa", "kOhm",
	// Quantities that wear.
	"pad_wear_front_pct", "pad_wear_rear_pct", "battery_12v_rest_v20", "battery_12v_crank_v20", "hv_health_pct",
	"tyre_front_left_kpa20", "tyre_front_right_kpa20", "tyre_rear_left_kpa20", "tyre_rear_right_kpa20",
}

// places tells where a text stands, from 1.
var places = sync.OnceValue(func() map[string]int { //nolint:gochecknoglobals // a constant table
	out := make(map[string]int, len(texts))
	for i, s := range texts {
		out[s] = i + 1
	}
	return out
})
