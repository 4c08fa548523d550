package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"presage"
	"presage/api/table"
)

// issuedRow is a vehicle's new secret as it is shown, once.
type issuedRow struct {
	VIN    presage.VIN `json:"vin"`
	Secret string      `json:"secret" doc:"The MQTT password; the user name is the VIN"`
}

func (h *handlers) credentialRoutes(a huma.API) {
	const tag, path = "Vehicles", "/v1/vehicles/{vin}/credentials"
	op := post("provision-vehicles", "/v1/vehicles/credentials", tag, "Give vehicles new secrets for MQTT")
	op.Description = "The secrets are in this answer and nowhere else: what is kept is a hash. A secret made before " +
		"stops working; VINs that are not known are registered. Nothing changes unless every VIN is right. " +
		"Send `Accept: text/csv` for a table."
	op.Errors = []int{http.StatusUnprocessableEntity}
	list := a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[page[issuedRow]](), true, "")
	op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			typeJSON: {Schema: list},
			typeCSV:  {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}}
	route(a, h.Logger, op, h.provision)
	route(a, h.Logger, get("list-credentials", "/v1/vehicles/credentials", tag,
		"Who has a secret, since when, and whose was revoked"), h.credentials)
	route(a, h.Logger, get("get-credential", path, tag, "Whether a vehicle has a secret"), h.credential)
	route(a, h.Logger, huma.Operation{
		OperationID: "revoke-vehicle", Method: http.MethodDelete, Path: path, Tags: []string{tag},
		Summary: "Revoke a vehicle's secret and certificates, and cut its connection",
		Errors:  []int{http.StatusNotFound}, DefaultStatus: http.StatusNoContent,
	}, h.revoke)
}

type provisionInput struct {
	Accept string `header:"Accept"`
	Body   struct {
		VINs []string `json:"vins" minItems:"1" maxItems:"200"`
	}
}

// secrets is an answer that nobody may keep on its way.
type secrets struct {
	Type         string `header:"Content-Type"`
	Vary         string `header:"Vary"`
	CacheControl string `header:"Cache-Control"`
	Body         func(huma.Context)
}

func (h *handlers) provision(ctx context.Context, in *provisionInput) (*secrets, error) {
	vins, err := parseVINs(in.Body.VINs)
	if err != nil {
		return nil, err
	}
	issued, err := h.Issuer.Provision(ctx, vins)
	if err != nil {
		return nil, err
	}
	out := secrets{Type: typeJSON, Vary: "Accept", CacheControl: "no-store"}
	write := func(c huma.Context) error {
		rows := page[issuedRow]{Items: make([]issuedRow, len(issued))}
		for i, one := range issued {
			rows.Items[i] = issuedRow{one.VIN, one.Secret.Reveal()}
		}
		return json.NewEncoder(c.BodyWriter()).Encode(rows)
	}
	if negotiation.SelectQValueFast(in.Accept, []string{typeJSON, typeCSV}) == typeCSV {
		out.Type = typeCSV + "; charset=utf-8"
		write = func(c huma.Context) error { return table.WriteSecrets(c.BodyWriter(), issued, true) }
	}
	out.Body = func(c huma.Context) {
		if err := write(c); err != nil {
			h.Logger.WarnContext(ctx, "secrets were not written whole: provision the vehicles again", "error", err)
		}
	}
	return &out, nil
}

// parseVINs names every fault of a list.
func parseVINs(texts []string) ([]presage.VIN, error) {
	vins, errs := make([]presage.VIN, len(texts)), []error(nil)
	first := map[presage.VIN]int{}
	for i, text := range texts {
		vin, err := presage.ParseVIN(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("vins[%d]: %w", i, err))
			continue
		}
		if at, ok := first[vin]; ok {
			errs = append(errs, fmt.Errorf("vins[%d]: %w: the same as vins[%d]", i, presage.ErrInvalid, at))
			continue
		}
		first[vin], vins[i] = i, vin
	}
	return vins, errors.Join(errs...)
}

type credentialsInput struct {
	After string `query:"after" maxLength:"17" doc:"Cursor: the last VIN of the previous page"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

// credentialRow tells of a credential without anything of the secret.
type credentialRow struct {
	VIN       presage.VIN `json:"vin"`
	HasSecret bool        `json:"has_secret"`
	IssuedAt  *time.Time  `json:"issued_at" doc:"When the present secret was made; null without one"`
	RevokedAt *time.Time  `json:"revoked_at" doc:"Newest revocation: certificates issued before stay out; null if none"`
}

func shownCredential(c presage.Credential) credentialRow {
	row := credentialRow{VIN: c.VIN, HasSecret: c.Hash != ""}
	if !c.IssuedAt.IsZero() {
		row.IssuedAt = &c.IssuedAt
	}
	if !c.RevokedAt.IsZero() {
		row.RevokedAt = &c.RevokedAt
	}
	return row
}

func (h *handlers) credentials(ctx context.Context, in *credentialsInput) (*body[page[credentialRow]], error) {
	found, err := h.Credentials.Credentials(ctx, presage.CredentialFilter{
		After: presage.VIN(in.After), Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	rows := make([]credentialRow, len(found))
	for i, c := range found {
		rows[i] = shownCredential(c)
	}
	return paged(rows, in.Limit, func(r credentialRow) string { return string(r.VIN) }), nil
}

func (h *handlers) credential(ctx context.Context, in *vinPath) (*body[credentialRow], error) {
	vin, err := in.parse()
	if err != nil {
		return nil, err
	}
	c, err := h.Credentials.Credential(ctx, vin)
	if err == nil && !c.Registered && c.Hash == "" && c.RevokedAt.IsZero() {
		err = fmt.Errorf("vehicle %s: %w", vin.Masked(), presage.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return &body[credentialRow]{Body: shownCredential(c)}, nil
}

func (h *handlers) revoke(ctx context.Context, in *vinPath) (*struct{}, error) {
	vin, err := in.parse()
	if err != nil {
		return nil, err
	}
	if err := h.Issuer.Revoke(ctx, vin); err != nil {
		return nil, err
	}
	return &struct{}{}, nil
}
