package api_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	a := r.get(t, "/openapi.json")
	type operation struct {
		OperationID string         `json:"operationId"`
		Responses   map[string]any `json:"responses"`
		Security    []any          `json:"security"`
	}
	var doc struct {
		OpenAPI    string                          `json:"openapi"`
		Info       map[string]any                  `json:"info"`
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info["title"] == "" || doc.Info["version"] == "" {
		t.Errorf("openapi %q, info %v", doc.OpenAPI, doc.Info)
	}
	for _, route := range []string{
		"get /v1/vehicles", "get /v1/vehicles/{vin}", "get /v1/vehicles/{vin}/health", "get /v1/vehicles/{vin}/series",
		"get /v1/cases", "get /v1/cases/{id}", "post /v1/cases/{id}/actions", "get /v1/slots", "post /v1/bookings", "get /v1/bookings",
		"get /v1/bookings/{id}", "post /v1/bookings/{id}/cancel", "post /v1/bookings/{id}/arrive", "post /v1/results",
		"get /v1/parts/forecast", "get /v1/parts/{number}/forecast", "get /v1/parts/reorder", "get /v1/parts/budget", "get /v1/parts/parameters", "put /v1/parts/parameters", "get /v1/parts/overrides",
		"post /v1/parts/overrides", "delete /v1/parts/overrides/{id}", "get /v1/alerts",
		"post /v1/vehicles/{vin}/commands", "get /v1/vehicles/{vin}/commands", "delete /v1/vehicles/{vin}/commands/{id}", "get /v1/dead-letters", "post /v1/dead-letters/redrive", "get /v1/messages",
	} {
		method, path, _ := strings.Cut(route, " ")
		if doc.Paths[path][method].OperationID == "" {
			t.Errorf("%s is not described", route)
		}
	}
	var ids []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			ids = append(ids, op.OperationID)
			for _, status := range statusesOf(path, method) {
				if op.Responses[status] == nil {
					t.Errorf("%s %s does not say %s", method, path, status)
				}
			}
			if len(op.Responses) == 0 || len(op.Security) == 0 {
				t.Errorf("%s %s has no responses or no security", method, path)
			}
		}
	}
	slices.Sort(ids)
	if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
		t.Errorf("operation IDs repeat: %v", ids)
	}
	for _, ref := range regexp.MustCompile(`"\$ref":"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(a.body, -1) {
		if _, ok := doc.Components.Schemas[ref[1]]; !ok {
			t.Errorf("schema %s is referred to and missing", ref[1])
		}
	}
}

// statusesOf are those that any such operation may answer with.
func statusesOf(path, method string) []string {
	list := []string{"401", "403", "422", "429", "500", "503"}
	if strings.Contains(path, "{") || path == "/v1/slots" {
		list = append(list, "404")
	}
	if method == "put" || path == "/v1/bookings" && method == "post" {
		list = append(list, "400", "413")
	}
	return list
}
