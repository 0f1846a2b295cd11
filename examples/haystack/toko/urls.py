"""Addresses of the project."""

from django.contrib import admin
from django.urls import path

from shop import views

urlpatterns = [
    path("", views.Find.as_view(), name="find"),
    path("products/<int:pk>/", views.Product.as_view(), name="product"),
    path("suggest/", views.suggest, name="suggest"),
    path("admin/", admin.site.urls),
]
