# One static binary, no shell, not root. Run it with a read-only root and a volume at /data.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /presage ./cmd/presage && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /presage /presage
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV PRESAGE_DATA_DIR=/data
VOLUME /data
EXPOSE 8080 1883 9464
ENTRYPOINT ["/presage"]
CMD ["serve"]
