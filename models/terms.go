package models

// The names of terms, stable keys for sentences in any language.
const (
	TermWear           = "wear_now"           // % worn, what the line says at the newest reading
	TermWearRate       = "wear_per_1000km"    // % per 1,000 km
	TermUsage          = "km_per_day"         // km
	TermDataAge        = "data_age_days"      // days since the newest reading that went in
	TermRenewed        = "renewed_days_ago"   // days since a new part was seen or reported
	TermRestVoltage    = "rest_voltage"       // V at 20 degC
	TermRestTrend      = "rest_voltage_trend" // mV per 30 days
	TermCrankVoltage   = "crank_voltage"      // V at 20 degC
	TermCrankTrend     = "crank_trend"        // mV per 30 days
	TermAge            = "age_years"          // of the vehicle, or of the part once it was renewed
	TermHealth         = "state_of_health"    // % of the capacity when new
	TermFade           = "fade_per_year"      // % per year, negative when falling
	TermCell           = "weak_cell"          // 1-based number of the suspected cell
	TermCellDeviation  = "cell_deviation"     // mV below the pack's median, negative
	TermWarning        = "battery_warning"    // 0-3, the car's own highest alarm of the last seven days
	TermInsulation     = "insulation"         // kOhm, lowest of the newest day
	TermWheel          = "wheel"              // 1 front left, 2 front right, 3 rear left, 4 rear right
	TermPressure       = "pressure"           // kPa gauge at 20 degC
	TermLeakRate       = "leak_rate"          // kPa per 30 days, negative when losing
	TermLeakChance     = "leak_chance"        // %, that the tyre leaks at all
	TermMileage        = "mileage"            // km since the part was new
	TermServiceDays    = "days_since_service" // days
	TermServiceKm      = "km_since_service"   // km
	TermServiceAssumed = "service_assumed"    // 1: no record, the schedule is taken to have been kept
	TermIntervalUsed   = "interval_used"      // %, of the interval by days or km, whichever is further
	TermIntervalDays   = "interval_days"      // days, of the interval; absent where days do not count
	TermIntervalKm     = "interval_km"        // km, of the interval; absent where the distance does not count
	TermLearned        = "learned"            // %, within 30 days by the hazard learned from the fleet's history
	TermMissing        = "too_few_days"       // days with readings so far
)
