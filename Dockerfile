FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --bin mentorship

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/mentorship --create-home mentorship
# Sign-in providers are reached over HTTPS: the certificates that they are trusted by.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/dist/mentorship /usr/local/bin/mentorship
USER mentorship
WORKDIR /var/lib/mentorship
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
# The image has no HTTP client: the shell asks for readiness itself.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=5 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["mentorship"]
CMD ["serve"]
