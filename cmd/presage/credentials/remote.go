package credentials

import (
	"context"
	"fmt"
	"net/http"

	"presage"
	"presage/cmd/presage/client"
)

// Remote is a running service, by its API.
type Remote struct{ *client.Service }

// Provision makes new secrets; see rest.Issuer.
func (r Remote) Provision(ctx context.Context, vins []presage.VIN) ([]presage.Issued, error) {
	var answer struct {
		Items []struct {
			VIN    presage.VIN `json:"vin"`
			Secret string      `json:"secret"`
		} `json:"items"`
	}
	err := r.Do(ctx, http.MethodPost, "/v1/vehicles/credentials", map[string][]presage.VIN{"vins": vins}, &answer)
	issued := make([]presage.Issued, len(answer.Items))
	for i, one := range answer.Items {
		issued[i] = presage.Issued{VIN: one.VIN, Secret: presage.Secret(one.Secret)}
	}
	return issued, err
}

// Revoke takes a vehicle's credentials away and cuts its connection.
func (r Remote) Revoke(ctx context.Context, vin presage.VIN) error {
	return r.Do(ctx, http.MethodDelete, "/v1/vehicles/"+string(vin)+"/credentials", nil, nil)
}

// Credentials lists a page of credentials behind after.
func (r Remote) Credentials(ctx context.Context, after presage.VIN) ([]Row, error) {
	var answer struct {
		Items []Row `json:"items"`
	}
	path := fmt.Sprintf("/v1/vehicles/credentials?limit=%d&after=%s", pageRows, after)
	err := r.Do(ctx, http.MethodGet, path, nil, &answer)
	return answer.Items, err
}
