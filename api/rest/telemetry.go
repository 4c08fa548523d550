package rest

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"presage/ingest/httpdoor"
)

// TelemetryPath is where telemetry is posted.
const TelemetryPath = "/v1/telemetry"

// DescribeTelemetry adds the operation to the description of the API. It is
// served by ingest/httpdoor: bodies are not of one schema, and vehicles have
// secrets of their own.
func DescribeTelemetry(a huma.API) {
	schemas := a.OpenAPI().Components.Schemas
	report := schemas.Schema(reflect.TypeFor[httpdoor.Report](), true, "TelemetryReport")
	text := &huma.Schema{Type: huma.TypeString}
	op := &huma.Operation{
		OperationID: "post-telemetry", Method: http.MethodPost, Path: TelemetryPath, Tags: []string{"Telemetry"},
		Summary: "Take telemetry in; answered after the durable write",
		Description: "A vehicle speaks for itself by its VIN and secret, a gateway or an operator for any. " +
			"A repeat is harmless. Bodies may be compressed (Content-Encoding: gzip).",
		Security: []map[string][]string{{"vehicle": {}}, {"bearer": {}}},
		Parameters: []*huma.Param{
			{
				Name: "vin", In: "query", Description: "The vehicle of samples that name none", Example: "LPSVSEDE4R0000042",
				Schema: &huma.Schema{Type: huma.TypeString},
			},
			{
				Name: "precision", In: "query", Description: "Of the timestamps of line protocol",
				Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"ns", "us", "ms", "s"}, Default: "ns"},
			},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {
				Schema: &huma.Schema{Type: huma.TypeObject, Description: "A sample, or {\"samples\":[...]}"},
				Example: map[string]any{
					"ts": "2026-05-01T08:00:00Z", "signals": map[string]any{"Vehicle.Speed": 53.2},
				},
			},
			"application/x-ndjson": {Schema: text, Example: `{"vin":"LPSVSEDE4R0000042","ts":1777622400000,` +
				`"signals":{"Vehicle.Speed":53.2}}`},
			"text/plain": {Schema: text, Example: "telemetry,vin=LPSVSEDE4R0000042 Vehicle.Speed=53.2 1777622400000000000"},
		}},
		Responses: map[string]*huma.Response{},
	}
	for status, what := range map[int]string{
		http.StatusOK:                    "All of it is stored",
		http.StatusMultiStatus:           "A part is stored; the rest is a dead letter or refused, with reasons",
		http.StatusBadRequest:            "The body ended before its end",
		http.StatusUnauthorized:          "Nobody known sent it",
		http.StatusForbidden:             "All of it belongs to another vehicle",
		http.StatusRequestTimeout:        "The body took too long to arrive",
		http.StatusRequestEntityTooLarge: "The body is too large",
		http.StatusUnsupportedMediaType:  "A content type or encoding that is not read",
		http.StatusUnprocessableEntity:   "Nothing of it can be stored; what is named as a letter is kept",
		http.StatusTooManyRequests:       "Too much of one sender: see Retry-After",
		http.StatusInternalServerError:   "A fault of the service; its log tells",
		http.StatusServiceUnavailable:    "Not durable now: send the same again after Retry-After",
	} {
		kind, headers := "application/problem+json", map[string]*huma.Param(nil)
		if status < http.StatusBadRequest {
			kind = "application/json"
		}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			headers = map[string]*huma.Param{
				"Retry-After": {Description: "Seconds", Schema: &huma.Schema{Type: huma.TypeInteger}},
			}
		}
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: what, Headers: headers, Content: map[string]*huma.MediaType{kind: {Schema: report}},
		}
	}
	a.OpenAPI().AddOperation(op)
}
