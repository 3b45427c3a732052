# One image for web, sockets, worker and scheduler. The front end is built in a stage of its own.
FROM node:24-slim AS front
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/app/.venv/bin:$PATH UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
WORKDIR /app
COPY tools/uv.txt tools/uv.txt
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r tools/uv.txt
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --extra scale --compile-bytecode && rm -rf /root/.cache
COPY . .
COPY --from=front /app/frontend/dist frontend/dist
RUN useradd --system --uid 10001 filiera && mkdir /data && chown filiera /data
USER filiera
EXPOSE 8000 8001
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4"]
